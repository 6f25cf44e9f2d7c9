"""The packaged judge on posts that it never learnt from: what the model card says of them, as floors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import infra.train
from chalicelib.classifier.trained import TrainedJudge
from chalicelib.domain.judgement import Band, Context, PostKind, Urgency
from infra.train.examples import Example, own_posts

HERE = Path(infra.train.__file__).parent
TRULY = 0.69
"""The share of posts to brands that need an answer."""


@dataclass(frozen=True)
class Judged:
    post: Example
    queued: bool
    urgent: bool

    @property
    def critical(self) -> bool:
        return self.post.urgency == Urgency.CRITICAL


@cache
def judged(folder: str) -> list[Judged]:
    judge = TrainedJudge()
    found = []
    for post in own_posts(HERE / folder):
        said = judge.classify(post.text, Context())
        found.append(Judged(post, said.band is Band.QUEUE, said.urgency == Urgency.CRITICAL))
    return found


def share(hits: list[bool]) -> float:
    assert len(hits) > 50
    return sum(hits) / len(hits)


def test_hardly_anything_that_needs_an_answer_is_missed() -> None:
    """The bar is 0.97, of everything and of complaints."""
    posts = judged("fresh")
    assert share([each.queued for each in posts if each.post.needs]) >= 0.97
    assert share([each.queued for each in posts if each.post.kind == PostKind.COMPLAINT]) >= 0.97


def test_every_critical_post_is_queued() -> None:
    assert [each.post.text for each in judged("fresh") if each.critical and not each.queued] == []


def test_people_are_not_asked_to_read_everything() -> None:
    """The bar is 0.85 of the posts, where 0.69 truly need an answer."""
    posts = judged("fresh")
    needing, quiet = (share([e.queued for e in posts if e.post.needs == truth]) for truth in (1, 0))
    assert TRULY * needing + (1 - TRULY) * quiet <= 0.85


def test_what_is_critical_is_mostly_urgent_and_little_else_is() -> None:
    posts = judged("fresh")
    assert share([each.urgent for each in posts if each.critical]) >= 0.8
    assert share([each.urgent for each in posts if not each.critical]) <= 0.06


def test_the_hard_trial_keeps_its_critical_posts() -> None:
    """Told in every way but by their category's words, among look-alikes."""
    posts = judged("trial")
    assert share([each.queued for each in posts if each.critical]) >= 0.98
    assert share([each.urgent for each in posts if each.critical]) >= 0.7
    assert share([each.urgent for each in posts if not each.critical]) <= 0.25
