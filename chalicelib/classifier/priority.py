"""How soon a post matters, from urgency, kind, context and the team's own rules; a rule raises and never lowers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chalicelib.domain.judgement import Context, PostKind, Priority, Urgency, higher

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.domain.team import Rule

WIDE_REACH: Final = 10_000
"""Followers from which a public post is read by more people than the brand can answer."""

_BY_URGENCY: Final = {
    Urgency.ROUTINE: Priority.NORMAL,
    Urgency.ELEVATED: Priority.HIGH,
    Urgency.CRITICAL: Priority.URGENT,
}
_QUIET: Final = frozenset({PostKind.PRAISE, PostKind.CHATTER, PostKind.SPAM})


def base_priority(kind: PostKind, urgency: int) -> Priority:
    """Return the priority of the words alone."""
    if urgency == Urgency.ROUTINE and kind in _QUIET:
        return Priority.LOW
    return _BY_URGENCY[urgency]


def raised_by_context(priority: Priority, context: Context) -> tuple[Priority, tuple[str, ...]]:
    """Raise a post that needs an answer for repeat contact and for reach; returns the reasons beside it."""
    reasons = []
    if context.repeat_contact:
        reasons.append("has contacted us before")
    if context.verified or (context.followers or 0) >= WIDE_REACH:
        reasons.append(
            "read by many: " + ("verified author" if context.verified else f"{context.followers} followers")
        )
    return (higher(priority, Priority.HIGH) if reasons else priority), tuple(reasons)


def matching_rules(rules: Sequence[Rule], text: str) -> tuple[tuple[Rule, str], ...]:
    """Return the team's rules that speak about lower-case ``text``, each with the words that matched."""
    return tuple((rule, words) for rule in rules if (words := _first_match(rule.match, text)))


def raised_by_rules(priority: Priority, matched: Iterable[tuple[Rule, str]]) -> Priority:
    """Apply the team's rules: each may raise the priority, none may lower it."""
    for rule, _ in matched:
        if rule.priority is not None:
            priority = higher(priority, Priority(rule.priority))
    return priority


def _first_match(phrases: Iterable[str], text: str) -> str | None:
    return next((p for p in phrases if p.strip() and _as_words(p).search(text)), None)


@lru_cache(maxsize=512)
def _as_words(phrase: str) -> re.Pattern[str]:
    """Match the phrase as whole words, in any case, however it was spaced."""
    words = r"\s+".join(re.escape(word) for word in phrase.casefold().split())
    return re.compile(rf"(?<!\w){words}(?!\w)")
