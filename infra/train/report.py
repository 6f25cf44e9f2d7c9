"""The figures of a training run, beside VADER and the majority, for the terminal and the model card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chalicelib.classifier.rules import Case, critical_reasons
from chalicelib.classifier.topics import QUEUE_OF, QUEUES
from chalicelib.domain.judgement import Context
from infra.train import measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from infra.train.aside import Aside
    from infra.train.measure import Figure

Row = tuple[str, str, str, str]
"""Set, quantity, ours, baselines."""


def lines(aside: Aside, thresholds: Mapping[str, float]) -> list[Row]:
    """Return every figure as a row of text."""
    sets = {
        "gold": np.array([e.source == "gold" for e in aside.posts]),
        "own": np.array([e.source == "own" and e.group != "own:hard" for e in aside.posts]),
        "own, adversarial": np.array([e.group == "own:hard" for e in aside.posts]),
        "all posts to brands": np.array([True for _ in aside.posts]),
    }
    rows: list[Row] = []
    for name, chosen in sets.items():
        if not chosen.any():
            continue
        rows += _needs(name, aside, chosen, thresholds)
        rows += _feelings(name, aside, chosen)
        rows += _queues(name, aside, chosen)
    return rows


def _needs(name: str, aside: Aside, chosen: Any, thresholds: Mapping[str, float]) -> Iterable[Row]:  # noqa: ANN401
    posts = [e for e, some in zip(aside.posts, chosen, strict=True) if some]
    truth = np.array([e.needs for e in posts])
    likely = aside.likely()[chosen]
    queued = (likely >= thresholds["queue"]) | np.array(
        [bool(critical_reasons(Case.of(e.text, Context()))) for e in posts]
    )
    kinds = np.array([e.kind for e in posts])
    guess = vader_needs([e.text for e in posts])
    yield name, "needs_response AUC", str(measure.auc(truth, likely)), f"VADER {measure.auc(truth, guess)}"
    yield name, "recall", str(measure.share(queued[truth == 1])), "majority 1.000"
    if (kinds == "complaint").any():
        yield name, "recall of complaints", str(measure.share(queued[kinds == "complaint"])), ""
    yield name, "alert volume", str(measure.share(queued)), f"truly need one {truth.mean():.3f}"
    critical = np.array([e.urgency == 2 for e in posts])  # noqa: PLR2004  critical
    if critical.any():
        yield name, "critical posts queued", str(measure.share(queued[critical])), ""


def _feelings(name: str, aside: Aside, chosen: Any) -> Iterable[Row]:  # noqa: ANN401
    known = chosen & np.array([e.sentiment is not None for e in aside.posts])
    truth = np.array([str(e.sentiment) for e in aside.posts])[known]
    if len(set(truth)) > 1:
        guess = vader_feelings([e.text for e, some in zip(aside.posts, known, strict=True) if some])
        most = np.full(len(truth), max(set(truth), key=list(truth).count))
        baselines = f"VADER {_f1(truth, guess)}, majority {_f1(truth, most)}"
        yield (
            name,
            "sentiment macro-F1",
            str(measure.macro_f1(truth, aside.said("sentiment")[known])),
            baselines,
        )


def _queues(name: str, aside: Aside, chosen: Any) -> Iterable[Row]:  # noqa: ANN401
    known = chosen & np.array([e.needs == 1 and e.topic not in (None, "other") for e in aside.posts])
    truth = np.array([QUEUE_OF[e.topic or "other"] for e in aside.posts])[known]
    if len(truth):
        said = queues_of(aside.scores["topic"][known])
        most = max(set(truth), key=list(truth).count)
        yield (
            name,
            "queue, top 1 of 6",
            str(measure.share(said == truth)),
            f"majority {(truth == most).mean():.3f}",
        )


def queues_of(table: Any) -> Any:  # noqa: ANN401
    """Return each post's likeliest queue, as the packaged judge adds topics up."""
    from infra.train.judge import labels_of

    shares = np.exp(table - table.max(1, keepdims=True))
    topics = labels_of("topic")
    sums = [shares[:, [topics.index(t) for t in QUEUES[queue]]].sum(1) for queue in QUEUES]
    return np.array(list(QUEUES))[np.stack(sums, 1).argmax(1)]


def languages(gate: tuple[Any, Any], thresholds: Mapping[str, float]) -> Iterable[Row]:
    """Yield how well the language gate tells, by kind of text."""
    posts, scores = gate
    flagged = scores > thresholds["language"]
    foreign = np.array([e.needs == 1 for e in posts])
    own = np.array([e.source == "own" for e in posts])
    real = np.array([e.source in ("gold", "ibm_care") for e in posts])
    yield "languages, posts", "non-English caught", str(measure.share(flagged[foreign & own])), ""
    yield "languages, declarations", "non-English caught", str(measure.share(flagged[foreign & ~own])), ""
    yield "languages, posts to brands", "English flagged", str(measure.share(flagged[real])), ""
    yield "languages, own posts", "English flagged", str(measure.share(flagged[~foreign & own])), ""


def _f1(truth: Any, said: Any) -> Figure:  # noqa: ANN401
    return measure.macro_f1(truth, said)


def vader_needs(texts: list[str]) -> Any:  # noqa: ANN401
    """Score need as the usual proxy does: negative by VADER, or a question mark."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    return np.array([-judge.polarity_scores(t)["compound"] + ("?" in t) for t in texts])


def vader_feelings(texts: list[str]) -> Any:  # noqa: ANN401
    """Return VADER's sentiment with its authors' cuts at 0.05."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    found = [judge.polarity_scores(t)["compound"] for t in texts]
    return np.array(["positive" if c >= 0.05 else "negative" if c <= -0.05 else "neutral" for c in found])  # noqa: PLR2004
