"""The figures of a training run, by set, beside VADER and the majority, for the terminal and the model card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chalicelib.classifier.topics import QUEUE_OF, QUEUES
from chalicelib.domain.judgement import Urgency
from chalicelib.domain.personal_data import find
from infra.train import measure
from infra.train.judge import labels_of
from infra.train.shared_sets import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from infra.train.aside import Aside
    from infra.train.examples import Example

Row = tuple[str, str, str, str]
"""Set, quantity, ours, what stands beside it."""
TABLE: Final = ("set", "quantity", "the judge", "beside it")
NAMES: Final = {
    "own:fresh": "fresh",
    "own:second": "second, plainer",
    "own:third": "third, as long as real ones",
    "own:fourth": "fourth, like a stream",
    "own:critical": "trial of critical posts",
    "own": "unseen files of our own",
    "gold": "unseen brands, real posts",
    "vader_gt": "unseen everyday tweets",
}
FRESH: Final = ("own:fresh", "own:second", "own:third", "own:fourth")
POSITIVE, NEGATIVE = 0.05, -0.05
"""Where VADER's authors cut its compound score."""


def lines(aside: Aside, thresholds: Mapping[str, float]) -> Iterator[Row]:
    """Yield every figure of every set as a row of text."""
    for name, chosen in sets_of(aside):
        if name != NAMES["vader_gt"]:
            yield from _needs(name, aside, chosen, thresholds)
            yield from _urgent(name, aside, chosen, thresholds)
            yield from _queues(name, aside, chosen)
        yield from _feelings(name, aside, chosen)


def sets_of(aside: Aside) -> Iterator[tuple[str, Any]]:
    """Yield each set's name and which posts are in it; where there are only fresh posts, all together first."""
    names = np.array([NAMES.get(e.group) or NAMES[e.source] for e in aside.posts])
    different = list(dict.fromkeys(names))
    if set(different) == {NAMES[group] for group in FRESH}:
        yield "all fresh sets", np.full(len(names), fill_value=True)
    for name in different:
        yield name, names == name


def _needs(name: str, aside: Aside, chosen: Any, thresholds: Mapping[str, float]) -> Iterator[Row]:  # noqa: ANN401
    posts = _some(aside.posts, chosen)
    truth = np.array([e.needs for e in posts])
    queued = aside.queueing()[chosen] >= thresholds["queue"]
    guess = vader_needs([e.text for e in posts])
    scored = measure.auc(truth, aside.likely()[chosen])
    yield name, "needs_response AUC", str(scored), f"VADER {measure.auc(truth, guess)}"
    for quantity, among, beside in (
        ("recall", truth == 1, "majority 1.000"),
        ("recall of complaints", np.array([e.kind == "complaint" for e in posts]), ""),
        ("critical posts queued", np.array([e.urgency == Urgency.CRITICAL for e in posts]), ""),
        ("quiet posts queued", truth == 0, "majority 1.000"),
        ("alert volume", truth >= 0, f"truly need one {truth.mean():.3f}"),
    ):
        if among.any():
            yield name, quantity, str(measure.share(queued[among])), beside
    volume = AS_MANY * queued[truth == 1].mean() + (1 - AS_MANY) * queued[truth == 0].mean()
    yield name, f"alert volume where {AS_MANY} need one", f"{volume:.3f}", ""


def _urgent(name: str, aside: Aside, chosen: Any, thresholds: Mapping[str, float]) -> Iterator[Row]:  # noqa: ANN401
    critical = np.array([e.urgency == Urgency.CRITICAL for e in _some(aside.posts, chosen)])
    if not critical.any():
        return
    urgent, ruled = aside.urgent(thresholds)[chosen], aside.ruled[chosen]
    yield name, "critical AUC", str(measure.auc(critical, aside.critical()[chosen])), ""
    yield (
        name,
        "critical posts urgent",
        str(measure.share(urgent[critical])),
        f"a rule speaks {ruled[critical].mean():.3f}",
    )
    yield (
        name,
        "other posts urgent",
        str(measure.share(urgent[~critical])),
        f"a rule speaks {ruled[~critical].mean():.3f}",
    )


AS_MANY: Final = 0.69
"""The share of posts to brands that truly need an answer, as far as anybody has counted."""


def _feelings(name: str, aside: Aside, chosen: Any) -> Iterator[Row]:  # noqa: ANN401
    known = chosen & np.array([e.sentiment is not None for e in aside.posts])
    truth = np.array([str(e.sentiment) for e in aside.posts])[known]
    guess = vader_feelings([e.text for e in _some(aside.posts, known)])
    beside = f"VADER {measure.macro_f1(truth, guess)}, majority {measure.macro_f1(truth, _majority(truth))}"
    yield name, "sentiment macro-F1", str(measure.macro_f1(truth, aside.said("sentiment")[known])), beside


def _queues(name: str, aside: Aside, chosen: Any) -> Iterator[Row]:  # noqa: ANN401
    known = chosen & np.array([e.needs == 1 and e.topic not in (None, "other") for e in aside.posts])
    truth = np.array([QUEUE_OF[e.topic or "other"] for e in aside.posts])[known]
    said = queues_of(aside.scores["topic"][known])
    beside = f"majority {(_majority(truth) == truth).mean():.3f}"
    yield name, "queue, top 1 of 6", str(measure.share(said == truth)), beside


def queues_of(table: Any) -> Any:  # noqa: ANN401
    """Return each post's likeliest queue, as the packaged judge adds topics up."""
    shares = np.exp(table - table.max(1, keepdims=True))
    topics = labels_of("topic")
    sums = [shares[:, [topics.index(t) for t in QUEUES[queue]]].sum(1) for queue in QUEUES]
    return np.array(list(QUEUES))[np.stack(sums, 1).argmax(1)]


def languages(gate: tuple[list[Example], Any], thresholds: Mapping[str, float]) -> Iterator[Row]:
    """Yield how well the language gate tells, by kind of text, and in which language it is worst."""
    posts, scores = gate
    flagged = scores > thresholds["language"]
    foreign = np.array([e.needs == 1 for e in posts])
    own = np.array([e.source == "own" for e in posts])
    real = np.array([e.source in ("gold", "care", "ibm_care") for e in posts])
    tweets = np.array([e.source == "vader_gt" for e in posts])
    codes = np.array([e.group for e in posts])
    caught = {code: float(flagged[codes == code].mean()) for code in sorted(set(codes[foreign & own]))}
    worst = min(caught, key=lambda code: caught[code])
    beside = f"worst of {len(caught)}: {worst.removeprefix('lang:')} {caught[worst]:.3f}"
    yield "unseen languages, posts", "non-English caught", str(measure.share(flagged[foreign & own])), beside
    yield (
        "unseen languages, declarations",
        "non-English caught",
        str(measure.share(flagged[foreign & ~own])),
        "",
    )
    yield "unseen brands, real posts", "English flagged", str(measure.share(flagged[real])), ""
    yield "unseen files of our own", "English flagged", str(measure.share(flagged[~foreign & own])), ""
    yield NAMES["vader_gt"], "English flagged", str(measure.share(flagged[tweets])), ""


def personal_data(folder: Path) -> Iterator[Row]:
    """Yield how much of each kind of personal data is found, and how often where there is none."""
    posts = [
        (set(row["pii"]), {span.kind.value for span in find(row["text"])})
        for row in rows(folder, "pii_synthetic")
    ]
    kinds = sorted({kind for wanted, _ in posts for kind in wanted})
    shares = {kind: np.mean([kind in found for wanted, found in posts if kind in wanted]) for kind in kinds}
    least = min(kinds, key=lambda kind: shares[kind])
    false = [found for wanted, found in posts if not wanted]
    yield (
        "synthetic posts",
        "personal data found, least of all kinds",
        f"{shares[least]:.3f} ({least})",
        f"{len(kinds)} kinds",
    )
    yield "synthetic posts", "false hits", f"{sum(map(bool, false))} of {len(false)}", ""


def _some(posts: list[Example], chosen: Iterable[bool]) -> list[Example]:
    return [post for post, some in zip(posts, chosen, strict=True) if some]


def _majority(truth: Any) -> Any:  # noqa: ANN401
    labels, counts = np.unique(truth, return_counts=True)
    return np.full(len(truth), labels[counts.argmax()])


def vader_needs(texts: list[str]) -> Any:  # noqa: ANN401
    """Score need as the usual proxy does: negative by VADER, or a question mark."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    return np.array([-judge.polarity_scores(t)["compound"] + ("?" in t) for t in texts])


def vader_feelings(texts: list[str]) -> Any:  # noqa: ANN401
    """Return VADER's sentiment with its authors' cuts."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    found = [judge.polarity_scores(t)["compound"] for t in texts]
    return np.array(
        ["positive" if c >= POSITIVE else "negative" if c <= NEGATIVE else "neutral" for c in found]
    )
