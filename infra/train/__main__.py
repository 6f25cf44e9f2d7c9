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
from chalicelib.classifier.phrases import Phrases
from chalicelib.domain.judgement import Urgency
from infra.train import card, corrections, language, measure, report, softlabels
from infra.train.aside import Aside, fresh_posts, gate_aside, judged, judged_aside, trial_posts
from infra.train.judge import fit_heads, parts_of_all, provenance, weights_file
from infra.train.pool import labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.train.examples import Example
    from infra.train.linear import Fit

SEED = 7
FAMILY = "judge-2"
"""What a judgement says judged it, before the eight digits of these very weights."""
PHRASES = Path(__file__).with_name("phrases.bin")
"""What `python -m infra.train.distil` taught; a build product, put into the weights as it is."""
RECALL, REVIEW_RECALL = 0.98, 0.99
"""What the thresholds of queue and review keep of the posts that need an answer and were never learnt from."""
SURE = 0.8
"""How often resamples of those posts, of the complaints alone too, must keep the queue's recall: they are few."""
REVIEW_CAUTION = 0.6
"""How much lower the review's threshold is set than those posts ask."""
FALSE_ALARM = 0.05
"""The share of fresh posts that are not critical and may be called so, by a rule or by the weights; many are near it."""
ELEVATED, TOPIC = 0.3, 0.2


def main(words: list[str] | None = None) -> int:
    """Train, write and report."""
    arguments = _arguments(words)
    everything = [*corrections.read(arguments.corrections, arguments.weight), *labelled(arguments.data, SEED)]
    opinions, phrases = softlabels.read(), PHRASES.read_bytes()
    heads = fit_heads(everything, parts_of_all(everything), opinions)
    tables = Phrases(memoryview(phrases))
    fresh, trial = (judged(heads, tables, posts) for posts in (fresh_posts(), trial_posts()))
    gate = gate_aside(arguments.data, SEED)
    thresholds = frozen(fresh, gate)
    data = written(heads, phrases, arguments.data, thresholds, taught=bool(opinions))
    arguments.out.write_bytes(data)
    rows = list(figures(fresh, gate, thresholds, arguments.data))
    rows += report.lines(trial, thresholds)
    if arguments.cross_validate:
        rows += report.lines(judged_aside(everything, arguments.build), thresholds)
    print(card.table(rows), flush=True)
    if arguments.card:
        card.put_in(arguments.card, rows)
    print(
        json.dumps({"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "thresholds": thresholds})
    )
    return 0


def figures(
    fresh: Aside, gate: tuple[list[Example], Any], thresholds: dict[str, float], data: Path
) -> Iterator[report.Row]:
    """Yield what can be told without learning anew."""
    yield from report.lines(fresh, thresholds)
    yield from report.languages(gate, thresholds)
    yield from report.personal_data(data)


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.train", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of labelled sets")
    parser.add_argument("--out", type=Path, default=weights.FILE)
    parser.add_argument(
        "--build", type=Path, default=Path("build/train"), help="where the folds' phrases lie"
    )
    parser.add_argument(
        "--cross-validate", action="store_true", help="also measure brand by brand; three more fits"
    )
    parser.add_argument("--card", type=Path, help="put the figures into this model card")
    parser.add_argument(
        "--corrections",
        type=Path,
        help="a team's corrected posts, as `python -m infra judge export` writes them, or as in posts/*.txt",
    )
    parser.add_argument(
        "--weight",
        type=float,
        default=corrections.WEIGHT,
        help=f"what each of those counts ({corrections.WEIGHT})",
    )
    return parser.parse_args(words)


def frozen(fresh: Aside, gate: tuple[list[Example], Any]) -> dict[str, float]:
    """Return the thresholds, chosen on posts that nothing learnt from."""
    truth, likely = np.array([e.needs for e in fresh.posts]), fresh.queueing()
    complaints = np.array([float(e.kind == "complaint") for e in fresh.posts])
    posts, scores = gate
    english = np.array([e.source in language.REAL for e in posts])
    others = np.array([e.urgency != Urgency.CRITICAL for e in fresh.posts])
    alarming = fresh.alarming()[others]
    chosen = {
        "queue": min(measure.threshold_for_recall(t, likely, RECALL, SURE) for t in (truth, complaints)),
        "review": REVIEW_CAUTION * measure.threshold_for_recall(truth, likely, REVIEW_RECALL),
        "language": float(np.quantile(scores[english], 1 - language.FLAGGED)),
        "critical": float(np.quantile(alarming, 1 - FALSE_ALARM)),
        "elevated": ELEVATED,
        "topic": TOPIC,
    }
    chosen["review"] = min(chosen["review"], chosen["queue"])
    return {name: float(f"{value:.5g}") for name, value in chosen.items()}


def written(
    heads: dict[str, Fit], phrases: bytes, data: Path, thresholds: dict[str, float], *, taught: bool
) -> bytes:
    """Return the weights file: what was learnt, the thresholds, and from what."""
    gate = language.fit_gate(
        language.readable([*language.foreign(data, SEED), *language.english(data, SEED)])
    )
    sources = provenance(data)
    learnt = [phrases, *(solved.cells.tobytes() for solved in (*heads.values(), gate))]
    told = json.dumps(
        [sources, thresholds, [hashlib.sha256(part).hexdigest() for part in learnt]], sort_keys=True
    )
    version = hashlib.sha256(told.encode()).hexdigest()[:8]
    header = {
        "version": f"{FAMILY}.{version}",
        "seed": SEED,
        "thresholds": thresholds,
        "data": sources,
        "teacher": taught,
    }
    return weights_file(heads, gate, phrases, header)


if __name__ == "__main__":
    sys.exit(main())
