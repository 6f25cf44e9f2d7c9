"""What the contract suite must know of a platform to speak as it does; each has its twin beside its fixtures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from chalicelib.platforms.base import Delivery, Own

HERE = Path(__file__).parent
NOW = datetime(2026, 12, 14, 16, 0, 5, tzinfo=UTC)


class Twin(Protocol):
    """How a platform signs and what it would send."""

    name: str
    header: str
    signs_time: bool
    account: str

    def sign(self, body: bytes, secret: str, at: datetime) -> Delivery:
        """Return the delivery the platform itself would make."""
        ...

    def handshakes(self) -> Sequence[Handshake]:
        """List questions the platform (or somebody else) may ask by GET."""
        ...

    def unknown(self) -> bytes:
        """Return a genuine payload with an event nobody has heard of."""
        ...

    def many(self, count: int) -> bytes:
        """Return one delivery of so many different events, or of one where the platform never batches."""
        ...


@dataclass(frozen=True)
class Handshake:
    """A GET, the verify token (or secret) we hold, and the answer: a body, or a refusal's status."""

    query: Mapping[str, str]
    held: str
    answer: str | int
    content_type: str = "text/plain"


@dataclass(frozen=True)
class Sample:
    """One fixture: a condition, its payload, and the decisive fields of what must come of it."""

    platform: str
    name: str
    says: str
    payload: Mapping[str, Any]
    own: Mapping[str, list[str]]
    records: Sequence[Mapping[str, Any]] = field(default=())
    ignored: Sequence[str] = field(default=())
    unreadable: Sequence[str] = field(default=())

    @property
    def body(self) -> bytes:
        """Return the payload as it travels."""
        return json.dumps(self.payload).encode()

    def ours(self) -> Own:
        """Return who we are in this fixture."""
        known = {key: frozenset(values) for key, values in self.own.items()}
        return Own(platform=self.platform, app="app", **known)


def twin(name: str) -> Twin:
    """Return the twin of a platform; a platform without one fails every test of the suite."""
    return cast("Twin", import_module(f"tests.platforms.{name}.twin").TWIN)


def samples(name: str) -> list[Sample]:
    """Return a platform's fixtures."""
    files = sorted((HERE / name / "fixtures").glob("*.json"))
    return [Sample(platform=name, name=file.stem, **json.loads(file.read_text("utf-8"))) for file in files]
