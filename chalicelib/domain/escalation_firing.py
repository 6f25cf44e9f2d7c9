"""One firing of the ladder as values: its pages, its line in the timeline, its place in the record of firings.

``escalation`` decides what fires; nothing here chooses a step or a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chalicelib.domain.acknowledgement import STEP as ACKNOWLEDGEMENT
from chalicelib.domain.acknowledgement import acknowledgement_due_at, acknowledgement_of, marked
from chalicelib.domain.conversation import Claim, Conversation, Fired
from chalicelib.domain.escalation_ladder import Rung, next_due_at, next_n, times_fired, with_fired
from chalicelib.domain.escalation_recipients import Overrides, Recipient
from chalicelib.domain.escalation_words import firing_words, people_words
from chalicelib.domain.items import Happened, Page, Reply, TimelineRow
from chalicelib.domain.pages import NUDGE, on_contact, pages_on_every_contact, quiet_contact
from chalicelib.domain.team import Channel, TeamFile


@dataclass(frozen=True, slots=True)
class Advance:
    """What one look at a conversation changes. ``tells`` are the channels it is told to for the first time.

    ``replies`` are words of ours to the customer that no person wrote.
    """

    conversation: Conversation
    pages: tuple[Page, ...] = ()
    tells: tuple[str, ...] = ()
    timeline: tuple[TimelineRow, ...] = ()
    replies: tuple[Reply, ...] = ()

    def and_then(self, later: Advance) -> Advance:
        """Return both, the later one's conversation being the result."""
        return Advance(
            later.conversation,
            self.pages + later.pages,
            self.tells + later.tells,
            self.timeline + later.timeline,
            self.replies + later.replies,
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """The fixed part of a decision: the configuration, who stands in for whom, and now."""

    team: TeamFile
    overrides: Overrides
    now: datetime

    def settled(self, result: Advance) -> Advance:
        """Return the result with its conversation's next due instant worked out."""
        conversation = result.conversation
        due_at = next_due_at(conversation, self.team)
        return replace(result, conversation=replace(conversation, next_due_at=due_at))


@dataclass(frozen=True, slots=True)
class Call:
    """One firing: the step's name, which firing of it this is, and why, in words."""

    step: str
    n: int
    words: str


def page_people(
    conversation: Conversation, moment: Moment, step: str, words: str, people: Iterable[Recipient]
) -> Advance:
    """Fire a step: record it and page each person on every contact."""
    people = tuple(people)
    n = next_n(conversation, step)
    call = Call(step, n, words + firing_words(times_fired(conversation, step)))
    fired = with_fired(conversation, Fired(step, n, moment.now))
    pages = tuple(page for recipient in people for page in _on_every_contact(fired, moment, call, recipient))
    paging = f": paging {people_words(people)}" if people else ""
    row = line(conversation, moment, Happened.STEP, f"{step}|{n}", sentence(call.words + paging))
    return Advance(fired, pages, (), (row,))


def nudge(conversation: Conversation, claim: Claim, moment: Moment) -> Advance:
    """Remind the owner, and nobody else, that the deadline is now."""
    call = Call(NUDGE, next_n(conversation, NUDGE), "you have it and the deadline is now")
    nudged = replace(conversation, claim=replace(claim, nudged=True))
    fired = with_fired(nudged, Fired(NUDGE, call.n, moment.now))
    pages = tell_person(fired, moment, call, claim.owner)
    words = f"At the deadline {claim.owner}, who has it, is nudged."
    return Advance(fired, pages, (), (line(conversation, moment, Happened.STEP, f"{NUDGE}|{call.n}", words),))


def acknowledge(conversation: Conversation, moment: Moment) -> Advance:
    """Acknowledge the customer if that is due; where no time can be promised any more, say so and let it be."""
    due_at = acknowledgement_due_at(conversation, moment.team)
    if due_at is None or due_at > moment.now:
        return Advance(conversation)
    reply = acknowledgement_of(conversation, moment.team, moment.now)
    noted = with_fired(conversation, marked(moment.now, sent=reply is not None))
    if reply is None:
        words = "Too late to acknowledge the customer: the promised time has all but come."
        return Advance(noted, timeline=(line(noted, moment, Happened.STEP, ACKNOWLEDGEMENT, words),))
    sending = replace(noted, sending=(*noted.sending, reply.id))
    words = "The customer is told, automatically, by when a person will answer; the clock runs on."
    row = line(sending, moment, Happened.STEP, ACKNOWLEDGEMENT, words)
    return Advance(sending, timeline=(row,), replies=(reply,))


def collapse(conversation: Conversation, rung: Rung, moment: Moment, reason: str) -> Advance:
    """Deal with a step without sending anything for it."""
    n = next_n(conversation, rung.name)
    fired = with_fired(conversation, Fired(rung.name, n, moment.now, collapsed=True))
    times = firing_words(times_fired(conversation, rung.name))
    words = sentence(f"{rung.words}{times}: collapsed, {reason}")
    return Advance(fired, (), (), (line(conversation, moment, Happened.STEP, f"{rung.name}|{n}", words),))


def tell_person(
    conversation: Conversation, moment: Moment, call: Call, name: str, *, not_before: datetime | None = None
) -> tuple[Page, ...]:
    """Return the one page for a word that need not wake: on Slack if they have it, else their first contact."""
    person = moment.team.people.get(name)
    found = quiet_contact(person) if person else None
    if found is None:
        return ()
    index, contact = found
    page = _blank(conversation, moment, call, Recipient(name, ""))
    page = replace(page, why=call.words, due_at=not_before or moment.now)
    return (on_contact(page, index, replace(contact, after=contact.after * 0)),)


def line(conversation: Conversation, moment: Moment, kind: Happened, source: str, words: str) -> TimelineRow:
    """Return a line of the conversation's timeline; ``source`` names its cause within the epoch."""
    return TimelineRow(
        conversation_id=conversation.id,
        at=moment.now.astimezone(UTC),
        kind=kind,
        source_id=f"{conversation.epoch}|{source}",
        words=words,
    )


def sentence(words: str) -> str:
    """Return words as a sentence."""
    return f"{words[:1].upper()}{words[1:]}."


def _on_every_contact(
    conversation: Conversation, moment: Moment, call: Call, recipient: Recipient
) -> tuple[Page, ...]:
    person = moment.team.people.get(recipient.person)
    return pages_on_every_contact(_blank(conversation, moment, call, recipient), person) if person else ()


def _blank(conversation: Conversation, moment: Moment, call: Call, recipient: Recipient) -> Page:
    return Page(
        conversation_id=conversation.id,
        epoch=conversation.epoch,
        step=call.step,
        n=call.n,
        person=recipient.person,
        contact=0,
        channel=Channel.SLACK,
        due_at=moment.now,
        why=f"{call.words}; {recipient.reason}",
        schedule=recipient.schedule,
    )
