"""Facts of the webhooks room."""

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact


@dataclass(frozen=True)
class EndpointPaused(Fact, name="webhooks.endpoint_paused", version=1):
    """Nothing is sent to an endpoint any more, because it failed for days or said that it is gone."""

    endpoint_id: UUID
    because: str
    pausing: UUID
