"""Offers a case its playbooks: those that fit its judgement, their wordings ready to send, and who can be asked now.

It reads and renders; nothing is sent. Whoever takes a wording up still sees ``reply_advice`` before it leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.domain.advice import Room
from chalicelib.domain.case import CaseView
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.escalation_recipients import LEAD, Recipient, lead_of, recipients_of
from chalicelib.domain.playbook_files import Names
from chalicelib.domain.playbooks import (
    Involve,
    Playbook,
    Subject,
    Template,
    matching,
    rendered,
    values_of,
    why,
)
from chalicelib.domain.posts import Surface
from chalicelib.domain.team import TeamFile
from chalicelib.services.playbook_versions import PlaybookVersions
from chalicelib.services.ports import Store, TeamSource
from chalicelib.services.reply_advice import Terms
from chalicelib.services.reply_port import Outgoing

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wording:
    """One thing to say, ready. ``private``: only by direct message, only in public, or None: either way."""

    text: str
    private: bool | None = None


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody to involve: who it is now, why they, and in which case."""

    person: str
    reason: str
    if_: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One playbook for one case. ``why`` says what about the case it fits; ``private`` when to go private."""

    name: str
    title: str
    why: str
    check: tuple[str, ...] = ()
    say: tuple[Wording, ...] = ()
    involve: tuple[Helper, ...] = ()
    private: str | None = None


def names_of(
    team: TeamFile, *, topics: tuple[str, ...], platforms: tuple[str, ...], terms: Callable[[str], Terms]
) -> Names:
    """Return what names in playbooks may stand for, and how long a text may be on each platform."""

    def measure(platform: str, text: str, private: bool) -> Room:  # noqa: FBT001 - the domain's own order
        return terms(platform).room(_draft(text, private=private))

    return Names(topics, platforms, team, measure)


class Playbooks:
    """The playbooks in force, for one case at a time."""

    def __init__(
        self,
        store: Store,
        versions: PlaybookVersions,
        teams: TeamSource,
        known: Callable[[TeamFile], Names],
    ) -> None:
        self._store = store
        self._versions = versions
        self._teams = teams
        self._known = known

    def suggest(self, case: CaseView) -> tuple[Suggestion, ...]:
        """Return what fits a case, the most specific first; nothing where no playbooks were pushed."""
        conversation = self._store.get(Conversation, case.conversation_id)
        if conversation is None:
            return ()
        known = self._known(self._teams.current())
        subject = subject_of(conversation)
        values = values_of(conversation, brand=known.team.brand, tz=case.tz, now=case.now)
        return tuple(
            Suggestion(
                name=playbook.name,
                title=playbook.title,
                why=why(playbook, subject),
                check=playbook.check,
                say=tuple(_wordings(playbook, conversation, values, known)),
                involve=tuple(self._helpers(playbook, case, known.team)),
                private=playbook.private,
            )
            for playbook in matching(self._versions.current(known), subject)
        )

    def _helpers(self, playbook: Playbook, case: CaseView, team: TeamFile) -> Iterator[Helper]:
        """Yield who is meant now; a name the team file has dropped since is nobody."""
        for involve in playbook.involve:
            for found in self._people(involve, case, team):
                yield Helper(found.person, found.reason, involve.if_)

    def _people(self, involve: Involve, case: CaseView, team: TeamFile) -> tuple[Recipient, ...]:
        if involve.who == LEAD:
            lead = lead_of(team)
            return (Recipient(lead, LEAD),) if lead else ()
        if involve.who in team.people:
            return (Recipient(involve.who, "named in the playbook"),)
        if involve.who not in team.schedules:
            return ()
        return recipients_of((involve.who,), team, self._teams.overrides, case.now)


def subject_of(conversation: Conversation) -> Subject:
    """Return what a conversation is matched by; what fits none of the judge's topics is ``other``."""
    return Subject(
        topics=conversation.topics or (OTHER,),
        kind=conversation.kind,
        priority=conversation.priority,
        platform=conversation.platform,
        account=conversation.account_name,
        surface=conversation.surface,
    )


def _wordings(
    playbook: Playbook, conversation: Conversation, values: Mapping[str, str | None], known: Names
) -> Iterator[Wording]:
    """Yield what can be said here: not in public what is for private talk only, and nothing too long."""
    for template in playbook.say:
        text = rendered(template.text, values)
        if text is not None and _fits(template, text, conversation, known):
            private = None if template.surface is None else template.surface == Surface.PRIVATE
            yield Wording(text, private)


def _fits(template: Template, text: str, conversation: Conversation, known: Names) -> bool:
    """Tell whether a wording can be said in some way: a message is never answered in public."""
    private = conversation.surface is Surface.PRIVATE
    if private and template.surface == Surface.PUBLIC:
        return False
    if known.measure is None:
        return True
    way = private or template.surface == Surface.PRIVATE
    return known.measure(conversation.platform, text, way).left >= 0


def _draft(text: str, *, private: bool) -> Outgoing:
    """Return an answer that says how long a text may be, and no more."""
    return Outgoing("", "", "", "", "", text, private, "")
