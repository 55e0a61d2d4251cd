"""What a person at a terminal is told when something cannot go on."""


class Trouble(RuntimeError):
    """The message is one sentence that says what is wrong and what to do next; no traceback is shown."""
