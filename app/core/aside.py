"""Work of somebody else, done beside the caller in a thread of its own, with an end to waiting.

The work belongs to the caller's tenant and speaks the caller's language, but shares neither request nor transaction:
it has a session of its own, which is committed when it ends in time and rolled back when it fails or is too late. A
thread cannot be stopped: one that hangs is left behind, is not used until it comes back, and dies with the process.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

from flask import Flask, current_app

from app.core import access, clock, db, i18n, isolation

Answer = TypeVar("Answer")
_MOST_IDLE = 8


class TooSlow(Exception):
    """The time is up, and nothing has been answered."""


class Ended(Exception):
    """The work tried to end the process; it ended nothing but itself."""


class _Task:
    """One call: where it comes from, and what becomes of it."""

    def __init__(
        self, app: Flask, work: Callable[[], Any], at_end: Callable[[], None], actor: access.Actor | None = None
    ) -> None:
        self.app, self.work, self.at_end, self.actor = app, work, at_end, actor
        self.tenant, self.language, self.moment = isolation.tenant_or_none(), i18n.language(), clock.stopped_at()
        self.is_done, self.is_given_up = threading.Event(), False
        self.answer: Any = None
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Do the work; whatever it raises is the answer, the end of the process included."""
        try:
            with ExitStack() as around:
                around.enter_context(self.app.app_context())
                around.enter_context(i18n.speaking(self.language))
                if self.tenant is not None:
                    around.enter_context(isolation.entered(self.tenant))
                if self.moment is not None:
                    around.enter_context(clock.frozen(self.moment))
                if self.actor is not None:
                    around.enter_context(access.acting_as(self.actor))
                self.answer = self._in_a_transaction()
        except BaseException as failure:  # noqa: BLE001 - SystemExit of a stranger's code would end this thread only
            self.failure = failure
        finally:
            self.at_end()
            self.is_done.set()

    def _in_a_transaction(self) -> Any:
        try:
            answer = self.work()
            if self.is_given_up:
                db.session.rollback()
            else:
                db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        return answer


class _Crew:
    """Threads that wait for work. As many as are needed at a moment; a few of them are kept."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """As in a new process: a fork copies no thread."""
        self._idle: queue.SimpleQueue[queue.SimpleQueue[_Task]] = queue.SimpleQueue()

    def give(self, task: _Task) -> None:
        """Let somebody who is free do it, or somebody new."""
        try:
            self._idle.get_nowait().put(task)
        except queue.Empty:
            tasks: queue.SimpleQueue[_Task] = queue.SimpleQueue()
            tasks.put(task)
            threading.Thread(target=self._work, args=(tasks, self._idle), name="aside", daemon=True).start()

    @staticmethod
    def _work(tasks: queue.SimpleQueue[_Task], idle: queue.SimpleQueue[queue.SimpleQueue[_Task]]) -> None:
        while True:
            tasks.get().run()
            if idle.qsize() >= _MOST_IDLE:
                return
            idle.put(tasks)


_crew = _Crew()
os.register_at_fork(after_in_child=_crew.begin)


def aside(
    work: Callable[[], Answer], seconds: float, at_end: Callable[[], None] = lambda: None,
    actor: access.Actor | None = None,
) -> Answer:  # fmt: skip
    """What `work` answers within so many seconds; what it raises is raised here. Raises TooSlow and Ended.

    `at_end` is called in the other thread when the work has really ended, however late that is. The work is done by
    `actor`, the system where none is named.
    """
    task = _Task(current_app._get_current_object(), work, at_end, actor)  # type: ignore[attr-defined]  # werkzeug's proxy
    _crew.give(task)
    if not task.is_done.wait(seconds):
        task.is_given_up = True
        raise TooSlow(seconds)
    if isinstance(task.failure, Exception):
        raise task.failure
    if task.failure is not None:
        raise Ended(type(task.failure).__name__) from task.failure
    answer: Answer = task.answer
    return answer


def start_aside(work: Callable[[], None]) -> None:
    """Let somebody do this beside the caller, who does not wait and does not hear how it ends."""
    _crew.give(_Task(current_app._get_current_object(), work, lambda: None))  # type: ignore[attr-defined]  # as above
