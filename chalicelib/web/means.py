"""What acting on people's fingers in Slack takes; the routes put it together, tests do it with fakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseView
    from chalicelib.services.answering import Answering
    from chalicelib.services.cases import Cases
    from chalicelib.services.claims import Claims
    from chalicelib.services.corrections import Corrections
    from chalicelib.services.dialog_port import Dialogs
    from chalicelib.services.drafts import Drafts
    from chalicelib.services.follow_ups import FollowUps
    from chalicelib.services.hiding import Hidings
    from chalicelib.services.playbooks import Suggestion
    from chalicelib.services.ports import Clock, Queue, Store, TeamSource
    from chalicelib.services.replies import Replies
    from chalicelib.services.reply_corrections import ReplyCorrections


class Suggesting(Protocol):
    """The team's playbooks."""

    def suggest(self, case: CaseView) -> tuple[Suggestion, ...]:
        """Return what fits a case, the most specific first. Raises: Transient."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """The use cases behind buttons and forms, and what people are told by."""

    claims: Claims
    doubts: ReplyCorrections
    replies: Replies
    corrections: Corrections
    follow_ups: FollowUps
    answering: Answering
    drafts: Drafts
    cases: Cases
    playbooks: Suggesting
    dialogs: Dialogs
    store: Store
    teams: TeamSource
    clock: Clock
    outbound: Queue
    hiding: Hidings
