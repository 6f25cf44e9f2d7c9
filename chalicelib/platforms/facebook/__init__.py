"""Facebook Pages: comments, visitor posts, mentions, recommendations and Messenger."""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.posts import Reading
from chalicelib.platforms.base import MAX_CHUNK_BYTES, MAX_UPDATES, Own, Update
from chalicelib.platforms.facebook.events import TABLES
from chalicelib.platforms.facebook.signature import handshake, verify
from chalicelib.platforms.meta import envelope
from chalicelib.platforms.meta.entries import read_entry


class Facebook:
    """Facebook's inbound side; see ``Platform``."""

    name = "facebook"
    handshake = staticmethod(handshake)
    verify = staticmethod(verify)
    updates = staticmethod(envelope.updates)

    def split(
        self, body: bytes, *, at_most: int = MAX_UPDATES, max_bytes: int = MAX_CHUNK_BYTES
    ) -> list[bytes]:
        return envelope.split(body, at_most=at_most, max_bytes=max_bytes)

    def read(self, update: Update, own: Own, received_at: datetime) -> Reading:
        return read_entry(self.name, update, own, received_at, TABLES)


PLATFORM = Facebook()
