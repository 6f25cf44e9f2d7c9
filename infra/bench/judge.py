"""What judging costs: the weights' size, loading them, and each post, beside VADER on the same posts in turn.

Times are processor time, which a busy machine blurs less. It measures speed; how good the judge is, `infra.train` says.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from infra.bench.figures import Figure, Section, measured, quantile

POSTS = Path(__file__).parents[1] / "train" / "posts"
MEGABYTES, LOADED_MS, MEDIAN_MS, P99_MS = 6.0, 60.0, 1.5, 4.0
"""The aims: weights in the package, import and load, and a post's median and 99th percentile on one core."""

MS = 1000.0
WARM = 50
STARTS = 9
FEW = 200
_LOADING = (
    "import time; started = time.process_time();"
    "from chalicelib.classifier.trained import TrainedJudge; TrainedJudge();"
    "print(time.process_time() - started)"
)
_NOTE = (
    "Processor time on one core, over the project's own written posts, each judged once. VADER only feels; it is here "
    "because it is what is usually reached for."
)


def measure(*, quick: bool) -> Section:
    """Load and judge; VADER beside it where it is installed."""
    from chalicelib.classifier.trained import TrainedJudge
    from chalicelib.domain.judgement import Context

    judge, context = TrainedJudge(), Context()
    posts = texts()[: FEW if quick else None]
    ours = taken(lambda text: judge.classify(text, context), posts)
    figures = [_size(), _loaded(2 if quick else STARTS), *_each("judge", ours, (MEDIAN_MS, P99_MS))]
    if (other := vader()) is not None:
        theirs = taken(other, posts)
        figures += [*_each("VADER", theirs), Figure("ratio, a post", median(ours) / median(theirs), "x")]
    return Section("judge", "Judging posts", tuple(figures), _NOTE)


def texts() -> list[str]:
    """Return the project's own posts, as they would arrive."""
    lines = (line for path in sorted(POSTS.glob("*.txt")) for line in path.read_text("utf-8").splitlines())
    return [line.split(" | ", 1)[1] for line in lines if " | " in line and not line.startswith("#")]


def taken(judge: Callable[[str], object], posts: Sequence[str]) -> list[float]:
    """Return the processor seconds each post took, after a few to warm up."""
    for text in posts[:WARM]:
        judge(text)
    return [_one(judge, text) for text in posts]


def _one(judge: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    judge(text)
    return time.process_time() - started


def _size() -> Figure:
    from chalicelib.classifier.weights import FILE

    return Figure("weights", FILE.stat().st_size / 1e6, "MB", MEGABYTES)


def _loaded(starts: int) -> Figure:
    """Time import and load in fresh interpreters."""
    runs = [subprocess.check_output([sys.executable, "-c", _LOADING], text=True) for _ in range(starts)]
    return replace(measured("import and load", [float(run) for run in runs], "ms", scale=MS), aim=LOADED_MS)


def _each(
    name: str, seconds: Sequence[float], aims: tuple[float | None, float | None] = (None, None)
) -> list[Figure]:
    """Return the median, with its spread, and the 99th percentile of one post's time."""
    middle = replace(measured(f"{name}, a post", seconds, "ms", scale=MS), aim=aims[0])
    return [middle, Figure(f"{name}, slowest in 100", MS * quantile(seconds, 0.99), "ms", aims[1])]


def vader() -> Callable[[str], object] | None:
    """Return VADER's judgement of a text, if it is installed."""
    if find_spec("vaderSentiment") is None:
        return None
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    found: Callable[[str], object] = SentimentIntensityAnalyzer().polarity_scores
    return found
