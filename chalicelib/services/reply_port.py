"""What sending a reply needs of a platform: the words that go out, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.posts import Kind


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One reply on its way. ``correlation`` goes along wherever the platform carries a token for its sender.

    ``private``: by direct message to ``contact_id``; else in public, under ``to_post_id``. What follows says more of
    the post answered, where it is known: its kind, the post it stands under, its address, when it was made, when
    the person last wrote (which opens a platform's window), and whether a person wrote the answer. ``template`` is the
    account's approved message, ``name/language``, which carries the text when the window is closed.
    """

    app: str
    account: str
    thread_id: str
    contact_id: str
    to_post_id: str
    text: str
    private: bool
    correlation: str
    kind: Kind | None = None
    post_id: str | None = None
    permalink: str | None = None
    asked_at: datetime | None = None
    last_inbound_at: datetime | None = None
    by_person: bool = True
    template: str | None = None


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

    def find(self, outgoing: Outgoing, since: datetime) -> Sent | None:
        """Look for a reply whose outcome is unknown; None if it does not stand there, or cannot be looked for.

        Raises: Transient, Permanent, NotFound.
        """
        ...
