"""A breaker: after several failures in a row, leave something alone for a while instead of waiting for it again."""

import threading
import time
from dataclasses import dataclass


@dataclass
class _State:
    failures: int = 0
    open_until: float = 0.0


class Breakers:
    """One breaker a name. A hint of this process only: other processes learn by themselves."""

    def __init__(self, *, failures: int, seconds: float, most_names: int = 1000) -> None:
        self.failures, self.seconds, self.most_names = failures, seconds, most_names
        self.begin()

    def begin(self) -> None:
        """As in a new process; a lock that a fork copied may be held for ever."""
        self._states: dict[str, _State] = {}
        self._lock = threading.Lock()

    def is_open(self, name: str) -> bool:
        """True while the name is left alone; after that a single failure opens it again."""
        with self._lock:
            state = self._states.get(name)
            return state is not None and state.open_until > time.monotonic()

    def failed(self, name: str) -> None:
        """Count a failure; enough of them open the breaker."""
        with self._lock:
            if len(self._states) >= self.most_names:
                self._states.clear()
            state = self._states.setdefault(name, _State())
            state.failures += 1
            if state.failures >= self.failures:
                state.open_until = time.monotonic() + self.seconds

    def succeeded(self, name: str) -> None:
        """Forget the failures."""
        with self._lock:
            self._states.pop(name, None)
