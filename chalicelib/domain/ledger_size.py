"""Keeps a ledger small without changing what it says: a conversation is one row, billed by the kilobyte.

Nothing here starts, stops or dates a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from chalicelib.domain.conversation import Entry, Voice
from chalicelib.domain.settling import (
    answer_to,
    comes_after,
    counting,
    customers,
    is_living,
    is_machine,
    unanswered,
)

ENTRIES = 24
"""How many entries a conversation keeps; older ones that no longer matter are let go."""

_FEW = 6


def compact(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Let go of the oldest entries that cannot change the outcome, down to ``ENTRIES``; ``entries`` are sorted.

    A swift reply is marked as the machine's it is, since the post that gave it away may go.
    """
    if len(entries) <= ENTRIES:
        return entries
    needed = set(_needed(entries))
    spare = [e.id for e in entries if e.id not in needed]
    let_go = set(spare[: len(entries) - ENTRIES])
    return tuple(_marked(e, entries) for e in entries if e.id not in let_go)


def _needed(entries: tuple[Entry, ...]) -> Iterator[str]:
    """Name what today's outcome rests on."""
    debts = unanswered(entries)
    yield from (e.id for e in (*debts[:_FEW], *debts[-_FEW:]))
    yield from islice((e.id for e in _first_of_each_kind(debts)), _FEW)
    yield from (r.id for r in _lost_answers(entries, debts))
    yield from _last_words(entries)


def _first_of_each_kind(debts: tuple[Entry, ...]) -> Iterator[Entry]:
    """Yield the debts that can fall under different rules: of each kind, the first is the most pressing."""
    seen = set()
    for debt in debts:
        rule = (debt.kind, debt.priority, debt.topics)
        if rule not in seen:
            seen.add(rule)
            yield debt


def _lost_answers(entries: tuple[Entry, ...], debts: tuple[Entry, ...]) -> Iterator[Entry]:
    """Yield the latest lost reply of each debt: it dates the debt's late birth."""
    lost = [e for e in entries if e.voice is Voice.HUMAN and e.gone_at is not None]
    for debt in debts:
        yield from (r for r in lost if comes_after(r, debt) and r.gone_at == debt.born_at)


def _last_words(entries: tuple[Entry, ...]) -> Iterator[str]:
    """Name what decides the state once nothing is owed, and whether the next post is a first or a next one."""
    posts, replies = customers(entries), counting(entries)
    living = [p for p in posts if is_living(p)]
    yield from (p.id for p in (*living[-1:], *posts[-1:]))
    yield from (p.id for p in sorted(posts, key=lambda p: (p.gone_at or p.at, p.id))[-1:])
    answered = [(p, a) for p in living[-_FEW:] if (a := answer_to(p, entries))][-1:]
    yield from (e.id for pair in answered for e in pair)
    pairs = [(p, r) for r in replies for p in posts if comes_after(r, p)][-1:]
    yield from (e.id for pair in pairs for e in pair)


def _marked(entry: Entry, entries: tuple[Entry, ...]) -> Entry:
    if entry.voice is Voice.HUMAN and is_machine(entry, entries):
        return replace(entry, voice=Voice.AUTOMATIC)
    return entry
