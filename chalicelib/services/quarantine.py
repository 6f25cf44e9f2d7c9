"""Keeps genuine updates that could not be taken in, until a person has looked: listed by day, replayed by name.

A replay goes through the front door of intake, so replaying twice changes nothing. Rows expire by themselves.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.items import Quarantined
from chalicelib.errors import NotFound
from chalicelib.services.ports import Clock, Inbound, Meter, Put, Queue, Store

KEPT = timedelta(days=30)
CHUNK_BYTES = 300_000
"""An item of the table holds 400 KB; the rest of the row needs some of it."""

LONGEST_WHY = 500
BINARY = "base64:"
"""How a kept body begins that is no text: no JSON begins so."""


class Quarantine:
    """Keeps, lists and replays."""

    def __init__(self, store: Store, inbound: Queue, meter: Meter, clock: Clock) -> None:
        self._store = store
        self._inbound = inbound
        self._meter = meter
        self._clock = clock

    def keep(self, inbound: Inbound, body: bytes, *, path: str, why: str) -> str:
        """Keep one update's body, or a whole delivery's, and count it; return its id. Raises: Transient.

        The id follows from the body, so keeping the same one again changes nothing.
        """
        first = _row(inbound, path, why)
        parts = list(_parts(_as_text(body)))
        name = f"{first.day.replace('-', '')}-{hashlib.sha256(_identity(inbound, body)).hexdigest()[:16]}"
        for number, part in reversed(list(enumerate(parts))):  # the one that lists comes last
            self._store.commit(Put(replace(first, id=name, body=part, chunk=number, chunks=len(parts))))
        self._meter.count("Quarantined", platform=inbound.platform)
        return name

    def list(self, first: date, last: date) -> Iterator[Quarantined]:
        """Walk what was received from ``first`` to ``last`` (UTC days), one row each, without the rest of its body."""
        for number in range((last - first).days + 1):
            day = (first + timedelta(days=number)).isoformat()
            yield from (row for row in self._store.children(Quarantined, day) if row.chunk == 0)

    def replay(self, name: str) -> Quarantined:
        """Queue one kept body again, as received when it first was. Raises: NotFound, Transient."""
        rows = self._rows(name)
        body = _as_bytes("".join(row.body for row in rows))
        first = rows[0]
        self._inbound.send(Inbound(first.platform, first.app, first.at, body))
        replayed = replace(first, replayed_at=self._clock.now())
        self._store.commit(Put(replayed))
        return replayed

    def _rows(self, name: str) -> Sequence[Quarantined]:
        rows = sorted(self._store.children(Quarantined, _day(name), name), key=lambda row: row.chunk)
        if not rows or len(rows) != rows[0].chunks:
            raise NotFound(
                f"nothing is quarantined as {name}: `python -m infra quarantine list` shows what is"
            )
        return rows


def _row(inbound: Inbound, path: str, why: str) -> Quarantined:
    at = inbound.received_at.astimezone(UTC)
    return Quarantined(
        day=at.date().isoformat(),
        id="",
        platform=inbound.platform,
        app=inbound.app,
        at=at,
        why=why[:LONGEST_WHY],
        path=path,
        body="",
        expires_at=at + KEPT,
    )


def _identity(inbound: Inbound, body: bytes) -> bytes:
    return b"\x1f".join((inbound.platform.encode(), inbound.app.encode(), body))


def _day(name: str) -> str:
    try:
        return datetime.strptime(name.partition("-")[0], "%Y%m%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError as fault:
        raise NotFound(f"{name!r} is no quarantine id: they look like 20270110-0123456789abcdef") from fault


def _parts(text: str) -> Iterator[str]:
    """Cut a text into pieces of at most ``CHUNK_BYTES`` of UTF-8, at least one."""
    data = text.encode()
    start = 0
    while True:
        end = _boundary(data, start + CHUNK_BYTES)
        yield data[start:end].decode()
        start = end
        if start >= len(data):
            return


def _boundary(data: bytes, at: int) -> int:
    """Return the last beginning of a character at or before ``at``."""
    while at < len(data) and data[at] & 0xC0 == 0x80:  # noqa: PLR2004 - UTF-8's continuation bytes
        at -= 1
    return at


def _as_text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return BINARY + base64.b64encode(body).decode()


def _as_bytes(text: str) -> bytes:
    return base64.b64decode(text.removeprefix(BINARY)) if text.startswith(BINARY) else text.encode()
