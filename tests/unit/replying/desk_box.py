"""What the acting commands ask of an installation, on a town in memory: the real services, and no AWS."""

from __future__ import annotations

import argparse
from typing import Any, cast

from chalicelib.platforms.terms import PlatformTerms
from chalicelib.services.claims import Claims
from chalicelib.services.follow_ups import FollowUps
from chalicelib.services.reply_advice import ReplyAdvice
from chalicelib.wiring import Container
from infra.__main__ import parser
from tests.unit.intake.desk_town import DeskTown


class Box:
    """An installation's services by the names the container gives them."""

    def __init__(self, town: DeskTown) -> None:
        self.store = town.store
        self.teams = town.team
        self.clock = town.clock
        self.replies = town.replies
        self.claims = Claims(town.store, town.saving, town.team, town.clock)
        self.follow_ups = FollowUps(town.store, town.books, town.clock)
        self.reply_advice = ReplyAdvice(town.store, PlatformTerms)

    def as_container(self) -> Container:
        """Return it under the type that commands are written for."""
        return cast("Container", self)


def read(*words: str) -> argparse.Namespace:
    """Read a command line."""
    return parser().parse_args(words)


def box_of(town: Any) -> Container:
    """Return a town's services."""
    return Box(town).as_container()
