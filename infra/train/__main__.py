"""``python -m infra.train DATA``: fit the judge, freeze its thresholds, write its weights, print its figures.

A second run over the same data, soft labels and seed writes the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chalicelib.classifier import weights
from infra.train import language, measure, report, softlabels
from infra.train.aside import Aside, gate_aside, judged_aside
from infra.train.examples import own_post
from infra.train.judge import fit_heads, parts_of_all, provenance, weights_file
from infra.train.pool import labelled, unlabelled

if TYPE_CHECKING:
    from infra.train.examples import Example

SEED = 7
RECALL = 0.975
"""What the queue's threshold keeps of posts that need an answer, among posts that stood aside."""
REVIEW_RECALL = 0.992
CRITICAL, ELEVATED, TOPIC = 0.5, 0.4, 0.25


def main(words: list[str] | None = None) -> int:
    """Train, write and report."""
    arguments = _arguments(words)
    everything = [*corrections(arguments.corrections), *labelled(arguments.data, SEED)]
    aside = judged_aside(everything, arguments.build, SEED)
    gate = gate_aside(arguments.data, SEED)
    thresholds = frozen(aside, gate)
    figures = report.lines(aside, thresholds, gate)
    data = _weights(everything, arguments.data, thresholds)
    arguments.out.write_bytes(data)
    for row in figures:
        print(" | ".join(row))
    print(
        json.dumps({"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "thresholds": thresholds})
    )
    return 0


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.train", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of labelled sets")
    parser.add_argument("--out", type=Path, default=weights.FILE)
    parser.add_argument(
        "--build", type=Path, default=Path("build/train"), help="where the folds' teachers wrote"
    )
    parser.add_argument(
        "--corrections",
        type=Path,
        help="a team's corrected posts, masked: kind, sentiment, urgency and topic as in posts/*.txt",
    )
    return parser.parse_args(words)


def corrections(path: Path | None) -> list[Example]:
    """Return a team's own corrected posts; they come first, so their labels win, and weigh as our own do."""
    if path is None:
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [own_post(line, "corrections", n) for n, line in enumerate(lines, start=1) if line.strip()]


def frozen(aside: Aside, gate: tuple[list[Example], Any]) -> dict[str, float]:
    """Return the thresholds, chosen on posts that stood aside."""
    truth = np.array([e.needs for e in aside.posts])
    usual = np.array([e.group != "own:hard" for e in aside.posts])
    likely = aside.likely()
    posts, scores = gate
    english = np.array([e.source in ("own", "gold", "ibm_care") and e.needs == 0 for e in posts])
    chosen = {
        "queue": measure.threshold_for_recall(truth[usual], likely[usual], RECALL),
        "review": measure.threshold_for_recall(truth[usual], likely[usual], REVIEW_RECALL),
        "language": float(np.quantile(scores[english], 1 - language.FLAGGED)),
        "critical": CRITICAL,
        "elevated": ELEVATED,
        "topic": TOPIC,
    }
    return {name: float(f"{value:.5g}") for name, value in chosen.items()}


def _weights(everything: list[Example], data: Path, thresholds: dict[str, float]) -> bytes:
    opinions = softlabels.read()
    pool = [*everything, *(unlabelled(everything, SEED) if opinions else [])]
    heads = fit_heads(pool, parts_of_all(pool), opinions)
    gate = language.fit_gate(
        language.readable([*language.foreign(data, SEED), *language.english(data, SEED)])
    )
    learnt = provenance(data)
    version = hashlib.sha256(json.dumps([learnt, thresholds], sort_keys=True).encode()).hexdigest()[:8]
    header = {
        "version": f"linear-1.{version}",
        "seed": SEED,
        "thresholds": thresholds,
        "data": learnt,
        "teacher": bool(opinions),
    }
    return weights_file(heads, gate, header)


if __name__ == "__main__":
    sys.exit(main())
