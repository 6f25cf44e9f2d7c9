"""How long the packaged `api` function takes to be imported, beside a bare Chalice with an SQS client.

Both come from their archives as Lambda unpacks them; boto3 comes from the run time with its bytecode, as on Lambda.
Every measurement is a fresh interpreter, ours and bare in turn.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from infra.bench.answer import bare_event_of, both, event_of
from infra.bench.archives import COMPILED, PLAIN, Taken, Unpacked, apart
from infra.bench.deliveries import QUESTION, Signed, Writer
from infra.bench.figures import Figure, Section, measured, ratio
from infra.bench.scene import Scene

AIM = 1.5
MS = 1000.0

_NOTE = (
    "Import: from the first line of app.py until a request can be handled; the bare one makes its SQS client there, "
    "ours when it is first needed. Import and first answer: until the first webhook is answered, our SQS and SSM "
    "clients and the reading of the secret included. What is packaged carries bytecode."
)


def measure(scene: Scene, *, quick: bool) -> Section:
    """Time imports in fresh interpreters."""
    signed = Writer().comment("100_1", "4711", QUESTION)
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder:
        ours, bare = both(scene, Path(folder))
        figures = [
            figure
            for kind in (PLAIN, COMPILED)
            for figure in _compared(kind, ours[kind], bare[kind], signed, times=2 if quick else 12)
        ]
    return Section("imports", "Cold start: import of the packaged api function", tuple(figures), _NOTE)


def _compared(kind: str, ours: Unpacked, bare: Unpacked, signed: Signed, *, times: int) -> list[Figure]:
    mine, others = [], []
    for _ in range(times):
        mine.append(_started(ours, event_of(signed)))
        others.append(_started(bare, bare_event_of(signed)))
    (wall, cpu), (bare_wall, bare_cpu) = (
        apart([imported for imported, _ in side]) for side in (mine, others)
    )
    whole, whole_bare = (apart([answered for _, answered in side]) for side in (mine, others))
    return [
        measured(f"Nightdesk, import, {kind}", wall, "ms", scale=MS),
        measured(f"bare, import, {kind}", bare_wall, "ms", scale=MS),
        ratio(f"ratio, import, {kind}", wall, bare_wall, AIM),
        ratio(f"ratio, processor, {kind}", cpu, bare_cpu, AIM),
        ratio(f"ratio, to 1st answer, {kind}", whole[0], whole_bare[0]),
        ratio(f"same, processor, {kind}", whole[1], whole_bare[1]),
    ]


def _started(function: Unpacked, event: dict[str, Any]) -> tuple[Taken, Taken]:
    """Return how long the import took, and how long it was until the first answer."""
    imported, (answered, *_) = function.run(event, 1)
    return imported, (imported[0] + answered[0], imported[1] + answered[1])
