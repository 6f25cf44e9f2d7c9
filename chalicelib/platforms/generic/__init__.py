"""Any source that signs by the Standard Webhooks scheme: a forum, a review relay, an e-mail bridge."""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.posts import Reading
from chalicelib.platforms.base import MAX_CHUNK_BYTES, MAX_UPDATES, Own, Update
from chalicelib.platforms.generic import envelope
from chalicelib.platforms.generic.events import read
from chalicelib.platforms.generic.signature import handshake, verify


class Generic:
    """A generic source's inbound side; see ``Platform``."""

    name = "generic"
    handshake = staticmethod(handshake)
    verify = staticmethod(verify)
    updates = staticmethod(envelope.updates)

    def split(
        self, body: bytes, *, at_most: int = MAX_UPDATES, max_bytes: int = MAX_CHUNK_BYTES
    ) -> list[bytes]:
        return envelope.split(body, at_most=at_most, max_bytes=max_bytes)

    def read(self, update: Update, own: Own, received_at: datetime) -> Reading:
        return read(update, own, received_at)


PLATFORM = Generic()
