"""What a person sees while a command works. Standard library only: the launcher needs it on a bare machine."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

BAR = 24


def has_colour(stream: TextIO) -> bool:
    """Colour is for terminals whose owner did not ask for none (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Steps:
    """Long work, step by step: one line that moves on a terminal, one line a finished step everywhere else."""

    def __init__(self, total: int, *, done: int = 0, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.total = total
        self.done = done
        self._drawn = 0.0
        self._said = 0

    @contextmanager
    def step(self, title: str) -> Iterator["Steps"]:
        """Show one step while the block runs; its line stays when it went well."""
        began = time.monotonic()
        self._draw(title, 0, 0, now=True)
        try:
            yield self
        except BaseException:
            self._clear()
            raise
        self.done += 1
        self._clear()
        took = f"{time.monotonic() - began:.1f} s"
        self._line(f"{self._mark()} {title:<44} {took:>8}")

    def part(self, title: str, done: int, total: int) -> None:
        """How far the running step is: `done` of `total` things, the one in hand named by `title`."""
        if self.stream.isatty():
            self._draw(title, done, total)
        elif total and done * 4 // total > self._said:
            self._said = done * 4 // total
            self._line(f"      {title}: {done} of {total}")
        if done >= total:
            self._said = 0

    def _draw(self, title: str, done: int, total: int, *, now: bool = False) -> None:
        if not self.stream.isatty() or (not now and time.monotonic() - self._drawn < 0.05 and done < total):
            return
        self._drawn = time.monotonic()
        share = (self.done + (done / total if total else 0)) / self.total
        filled = int(share * BAR)
        text = f"  [{'#' * filled}{'.' * (BAR - filled)}] {share:4.0%}  {title}"
        if total:
            text += f"  {done} of {total}"
        width = shutil.get_terminal_size().columns - 1
        self.stream.write(f"\r\033[K{text[:width]}")
        self.stream.flush()

    def _clear(self) -> None:
        if self.stream.isatty():
            self.stream.write("\r\033[K")

    def _line(self, text: str) -> None:
        self.stream.write(text + "\n")
        self.stream.flush()

    def _mark(self) -> str:
        return "  \033[32m✓\033[0m" if has_colour(self.stream) else "  -"
