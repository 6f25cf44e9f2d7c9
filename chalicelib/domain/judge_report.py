"""How often the judge was wrong, from labels alone: by the sample, by people's own corrections, and among what.

Pure counting. A miss is what it closed and needed an answer; a false alarm what it queued and needed none. Only drawn
posts give rates, with Wilson's interval; corrections that nobody asked for are counts, since nobody knows of how many.
Source of the interval: E. B. Wilson, Journal of the American Statistical Association 22 (1927).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.judgement import Band, PostKind, Urgency
from chalicelib.domain.labels import Label

Z95 = 1.959963985
"""The standard normal's 97.5 % point: an interval that holds 95 times in 100."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many wrong ``of`` so many, with the 95 % interval of the share."""

    wrong: int
    of: int

    @property
    def share(self) -> float | None:
        """Return the share, or None where nothing was seen."""
        return self.wrong / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return Wilson's interval; of nothing seen, anything is possible."""
        if not self.of:
            return 0.0, 1.0
        share, n, square = self.wrong / self.of, self.of, Z95 * Z95
        middle = share + square / (2 * n)
        spread = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
        low, high = (middle - spread) / (1 + square / n), (middle + spread) / (1 + square / n)
        return (0.0 if self.wrong == 0 else low), (1.0 if self.wrong == n else high)


@dataclass(frozen=True, slots=True)
class Figures:
    """What labels say together: ``corrections`` by what was found wrong, ``unanswered``: samples nobody checked."""

    misses: Rate
    doubts: Rate
    false_alarms: Rate
    corrections: Mapping[str, int]
    unanswered: int
    labels: int


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of everything, and of each part: by what, then by which."""

    whole: Figures
    parts: Mapping[str, Mapping[str, Figures]] = field(default_factory=dict)


BY: Mapping[str, Callable[[Label], str]] = {
    "kind": lambda label: label.said.kind.value,
    "platform": lambda label: label.platform,
    "hour": lambda label: f"{label.hour:02d}",
    "language": lambda label: label.language,
    "model": lambda label: label.said.model,
}
"""What figures are told apart by."""


def report(labels: Iterable[Label]) -> Report:
    """Count labels, together and apart."""
    counted = [label for label in labels if label.sampled or label.told_at is not None]
    return Report(_figures(counted), {name: _apart(counted, key) for name, key in BY.items()})


def faults_of(label: Label) -> tuple[str, ...]:
    """Return what people found wrong about one judgement; empty where they found it right, or said nothing."""
    said, verdict = label.said, label.verdict
    found = {
        "needed an answer": verdict.needs_response is True and not said.needs_response,
        "needed no answer": verdict.needs_response is False and said.needs_response,
        "no complaint": said.kind is PostKind.COMPLAINT and verdict.kind not in (None, PostKind.COMPLAINT),
        "was urgent": verdict.urgency == Urgency.CRITICAL and said.urgency != Urgency.CRITICAL,
        "wrong queue": verdict.queue not in (None, said.queue),
    }
    return tuple(name for name, wrong in found.items() if wrong)


def _figures(labels: Sequence[Label]) -> Figures:
    closed = [one for one in labels if one.sampled and one.said.band is Band.CLOSED]
    checked = [one for one in closed if one.verdict.needs_response is not None]
    doubted = [
        one for one in labels if one.said.band is Band.REVIEW and one.verdict.needs_response is not None
    ]
    queued = [one for one in labels if one.sampled and one.said.band is Band.QUEUE]
    return Figures(
        misses=_rate(checked, wrong=True),
        doubts=_rate(doubted, wrong=True),
        false_alarms=_rate(queued, wrong=False),
        corrections=dict(Counter(fault for one in labels for fault in faults_of(one)).most_common()),
        unanswered=len(closed) - len(checked),
        labels=len(labels),
    )


def _rate(labels: Sequence[Label], *, wrong: bool) -> Rate:
    return Rate(sum(label.verdict.needs_response is wrong for label in labels), len(labels))


def _apart(labels: Sequence[Label], key: Callable[[Label], str]) -> dict[str, Figures]:
    names = sorted({key(label) for label in labels})
    return {name: _figures([label for label in labels if key(label) == name]) for name in names}
