"""What sending a reply needs of a platform: the words that go out, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One reply on its way. ``correlation`` goes along wherever the platform carries a token for its sender.

    ``private``: by direct message to ``contact_id``; else in public, under ``to_post_id``.
    """

    app: str
    account: str
    thread_id: str
    contact_id: str
    to_post_id: str
    text: str
    private: bool
    correlation: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What the platform calls the reply, and when it says it was made."""

    external_id: str
    created_at: datetime | None = None


class Replier(Protocol):
    """One platform's outbound side. Its client's own retries are off."""

    def reply(self, outgoing: Outgoing) -> Sent:
        """Hand one reply over.

        Raises: Transient (definitely not sent), Permanent, NotFound (the post is gone), OutcomeUnknown.
        """
        ...
