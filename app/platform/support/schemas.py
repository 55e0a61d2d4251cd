"""What the forms of the room hold."""

import msgspec


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A form that is only a button."""


class Rule(msgspec.Struct, forbid_unknown_fields=True):
    """Whether an owner must allow each visit before it begins."""

    ask_first: bool = False
