"""How fast the judge loads and judges, beside VADER where the train extra is installed: ``python -m infra.judge_bench``.

Times are processor time of this process, so a busy machine blurs them less; ratios travel, absolutes do not.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median

POSTS = Path(__file__).parent / "train" / "posts"
LOADING = (
    "import time; a = time.process_time();"
    "from chalicelib.classifier.trained import TrainedJudge; TrainedJudge();"
    "print(time.process_time() - a)"
)
STARTS = 5


def speed() -> dict[str, float]:
    """Return milliseconds: import and load (best of five fresh processes), median and p99 a post."""
    from chalicelib.classifier.trained import TrainedJudge
    from chalicelib.domain.judgement import Context

    judge, context, posts = TrainedJudge(), Context(), texts()
    found = {"load_ms": load_ms(), **timed("judge", lambda text: judge.classify(text, context), posts)}
    return {**found, **vader(posts)}


def texts() -> list[str]:
    """Return the project's own posts, as they would arrive."""
    lines = (line for path in sorted(POSTS.glob("*.txt")) for line in path.read_text("utf-8").splitlines())
    return [line.split(" | ", 1)[1] for line in lines if " | " in line and not line.startswith("#")]


def load_ms() -> float:
    """Return the best of a few fresh starts."""
    runs = [subprocess.check_output([sys.executable, "-c", LOADING], text=True) for _ in range(STARTS)]
    return round(1000 * min(map(float, runs)), 1)


def timed(name: str, judge: Callable[[str], object], posts: list[str]) -> dict[str, float]:
    """Return the median and the 99th percentile of judging each post once, warm."""
    for text in posts[:50]:
        judge(text)
    taken = sorted(_one(judge, text) for text in posts)
    return {
        f"{name}_median_ms": round(1000 * median(taken), 3),
        f"{name}_p99_ms": round(1000 * taken[int(0.99 * len(taken))], 3),
    }


def _one(judge: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    judge(text)
    return time.process_time() - started


def vader(posts: list[str]) -> dict[str, float]:
    """Return VADER's times on the same posts, if it is there."""
    if find_spec("vaderSentiment") is None:
        return {}
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return timed("vader", SentimentIntensityAnalyzer().polarity_scores, posts)


if __name__ == "__main__":
    print(json.dumps(speed()))
