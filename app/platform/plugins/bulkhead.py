"""How many calls of one name may be under way in this process. A call that hangs fills its own room and no other's."""

import threading


class Bulkhead:
    """A place a call, so many a name."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.begin()

    def begin(self) -> None:
        """As in a new process; a lock that a fork copied may be held for ever."""
        self._inside: dict[str, int] = {}
        self._changed = threading.Condition()

    def enter(self, name: str, seconds: float) -> bool:
        """Take a place, waiting so long for one; False when none became free."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._inside.get(name, 0) < self.most, seconds):
                return False
            self._inside[name] = self._inside.get(name, 0) + 1
            return True

    def leave(self, name: str) -> None:
        """Give a place back."""
        with self._changed:
            left = self._inside.get(name, 0) - 1
            if left > 0:
                self._inside[name] = left
            else:
                self._inside.pop(name, None)
            self._changed.notify_all()
