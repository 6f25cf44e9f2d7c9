"""Runs the parts of the bench that were asked for, and reports. It measures nothing itself."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from infra.bench import PARTS, noise, report
from infra.bench.figures import Section
from infra.failures import CommandError

NICE = 5


def bench(parts: Sequence[str], *, quick: bool, json_to: str | None) -> int:
    """Measure, print, and write JSON where wanted. Raises: CommandError."""
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise CommandError(f"There is no part {', '.join(unknown)}: choose from {', '.join(PARTS)}")
    with suppress(OSError):
        os.nice(NICE)
    before = noise.load()
    sections = list(_sections(parts, quick=quick))
    heard = noise.heard(before)
    _written(json.dumps(report.as_json(sections, heard), indent=2, ensure_ascii=False), json_to)
    if json_to != "-":
        print(report.as_table(sections, heard))
    return int(any(figure.is_met is False for section in sections for figure in section.figures))


def _written(text: str, json_to: str | None) -> None:
    if json_to == "-":
        print(text)
    elif json_to is not None:
        Path(json_to).write_text(text + "\n")


def _sections(parts: Sequence[str], *, quick: bool) -> Iterator[Section]:
    from infra.bench.judge import measure as measure_judge
    from infra.bench.oncall import measure as measure_oncall

    if "judge" in parts:
        yield from _told("judge", lambda: [measure_judge(quick=quick)])
    if "oncall" in parts:
        yield from _told("oncall", lambda: [measure_oncall(quick=quick)])
    if counted := [part for part in ("answer", "imports", "posts", "punctual", "tick") if part in parts]:
        yield from _staged(counted, quick=quick)
    if "lateness" in parts:
        yield from _staged(["lateness"], quick=quick)


def _staged(parts: Sequence[str], *, quick: bool) -> Iterator[Section]:
    """Measure parts that need the deployed stack, all on one."""
    from infra.bench import answer, imports, lateness, posts, punctual, tick
    from infra.bench.scene import Scene, staged

    work: dict[str, Callable[[Scene], list[Section]]] = {
        "answer": lambda scene: [answer.measure(scene, quick=quick)],
        "imports": lambda scene: [imports.measure(scene, quick=quick)],
        "posts": lambda scene: posts.measure(scene, quick=quick),
        "tick": lambda scene: [tick.measure(scene, quick=quick)],
        "punctual": lambda scene: [punctual.measure(scene, quick=quick)],
        "lateness": lambda scene: [lateness.measure(scene, quick=quick)],
    }
    with staged() as scene:
        for part in parts:
            yield from _told(part, lambda part=part: work[part](scene))  # type: ignore[misc]


def _told(part: str, work: Callable[[], list[Section]]) -> list[Section]:
    """Say on standard error what is being measured: it takes minutes."""
    print(f"measuring: {part} …", file=sys.stderr, flush=True)
    return work()
