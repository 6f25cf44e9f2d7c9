"""Asks platforms about posts: what to call, called once, and what the answer tells.

The port ``Enricher`` for every platform that has something to tell. What is worth asking and what an answer means is
each platform's ``enrich`` module's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from chalicelib.errors import NightdeskError, NotFound
from chalicelib.platforms.calling import Caller, Transport
from chalicelib.platforms.http import Answered, Call
from chalicelib.platforms.registry import ENRICHED
from chalicelib.platforms.sweeping import call_of, written
from chalicelib.services.enrich_port import Heard, Question, Subject
from chalicelib.services.ports import Secrets


@dataclass(frozen=True, slots=True)
class Lookup:
    """One call worth making, and what its answer is about if that is more than this post."""

    call: Call
    about: str | None = None


class Enrichment(Protocol):
    """One platform's answers, as pure functions."""

    def plan(self, subject: Subject) -> list[Lookup]:
        """Return the calls worth making, given what is known."""
        ...

    def fault(self, answered: Answered, call: Call) -> NightdeskError | None:
        """Return the failure an answer means, or None."""
        ...

    def read(self, answered: Answered, lookup: Lookup, subject: Subject) -> Heard:
        """Return what an answer tells. Raises: NotFound when there is nothing in it."""
        ...


class PlatformEnricher:
    """One platform's answers, with its accounts' tokens."""

    def __init__(
        self, platform: str, *, secrets: Secrets, transport: Transport, hosts: Mapping[str, str] | None = None
    ) -> None:
        if platform not in ENRICHED:
            raise NotFound(f"{platform} has nothing to tell; who has: {', '.join(ENRICHED)}")
        self._enrichment = cast("Enrichment", import_module(f"chalicelib.platforms.{platform}.enrich").ENRICH)
        self._caller = Caller(platform, secrets=secrets, transport=transport, hosts=hosts)

    def questions(self, subject: Subject) -> tuple[Question, ...]:
        """Return what is worth asking."""
        return tuple(
            Question(written(lookup.call), lookup.about) for lookup in self._enrichment.plan(subject)
        )

    def ask(self, question: Question, subject: Subject) -> Heard:
        """Ask it. Raises: Transient, Permanent, NotFound."""
        lookup = Lookup(call_of(question.step), question.about)
        answered = self._caller.made(lookup.call, app=subject.app, account=subject.account)
        fault = self._enrichment.fault(answered, lookup.call)
        if fault:
            raise fault
        return self._enrichment.read(answered, lookup, subject)


def get(api: str, path: str, **params: str) -> Call:
    """Return a call that reads."""
    return Call("GET", api, path, params, publishes=False)


def person(name: str) -> str:
    """Return what an answer about somebody is about."""
    return f"person:{name}"


def post(name: str) -> str:
    """Return what an answer about another post is about."""
    return f"post:{name}"
