"""The worker's part of large writes: a piece at a time, as the program that asked, with what it may at that moment."""

from __future__ import annotations

import uuid

import msgspec

from app.core import access, bearers, clock, jobs, rest_batches, rest_bulk
from app.core.access import Actor
from app.core.rest_batches import ApiBatch

A_PIECE = 50
NOBODY = Actor("client", name="")


@jobs.job()
def go_on(batch_id: uuid.UUID, begins: int) -> None:
    """Do the next operations of a batch and ask for the rest. Run twice, it finds its piece done."""
    batch = rest_batches.lock(batch_id)
    if batch is None or batch.done + batch.refused != begins or batch.state == "finished":
        return
    batch.state = "running"
    actor = bearers.recalled(batch.program) or NOBODY
    with access.acting_as(actor):
        _do(batch, begins)
    here = batch.done + batch.refused
    if here < batch.total:
        go_on.enqueue(batch_id=batch.id, begins=here)
    else:
        batch.state, batch.finished_at = "finished", clock.now()


def _do(batch: ApiBatch, begins: int) -> None:
    resource = rest_bulk.resource_at(batch.resource)
    for row in rest_batches.waiting_rows(batch.id, begins, A_PIECE):
        operation = msgspec.json.decode(row.operation, type=rest_bulk.Operation)
        result = rest_bulk.perform(resource, row.place, operation)
        row.status, row.answer = result.status, msgspec.json.encode(result).decode()
        row.operation = ""
        batch.done += result.status < 400
        batch.refused += result.status >= 400


rest_bulk._begin[:] = [lambda batch_id: go_on.enqueue(batch_id=batch_id, begins=0)]
