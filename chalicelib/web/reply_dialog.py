"""The form in which an answer is typed, as a value: the post and its thread, the person's past, the ways to answer.

Pure: a case goes in, a dialog comes out. What to say before an answer is sent is ``answering``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.alert import Earlier
from chalicelib.domain.case import CaseView, Line, Speaker, Underway, Way
from chalicelib.services.answering import Caution
from chalicelib.services.dialog_port import (
    ChoiceField,
    Dialog,
    Item,
    Quote,
    TextField,
    Words,
    alarm,
    aside,
    words,
)
from chalicelib.services.playbooks import Suggestion, Wording

KIND = "reply"
PUBLIC, PRIVATE = "public", "private"
WORDING = "wording"
LINES, EARLIER, PLAYBOOKS = 6, 3, 2
"""How much of the thread, of the person's past and of playbooks a form shows; the linked page shows more."""

_WHO = {Speaker.OURS: "we", Speaker.NATIVE: "in the platform's own app", Speaker.AUTOMATIC: "automatic"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds already. ``fresh`` counts how often we replaced the text."""

    text: str = ""
    way: str = ""
    fresh: int = 0


def reply_dialog(
    case: CaseView,
    memory: Mapping[str, str],
    *,
    suggestions: Sequence[Suggestion] = (),
    cautions: Sequence[Caution] = (),
    typed: Typed = Typed(),
) -> Dialog:
    """Return the form; with ``cautions`` they stand on top, and sending it again means it."""
    ways = [way for way in case.ways if way.is_open]
    title = f"Reply on {case.platform.capitalize()}"
    shown = (*_thread(case), *_past(case))
    if not ways:
        return Dialog(KIND, title, (*_shut(case), *shown), tz=case.tz)
    text = TextField("text", "Your answer", typed.text, fresh=typed.fresh)
    fields = (*_playbooks(suggestions, ways), text, *_choice(ways, typed))
    warned = tuple(alarm(*caution.said) for caution in cautions)
    items = (*warned, *shown, *fields, *_limits(case))
    only = {"way": _name(ways[0])} if len(ways) == 1 else {}
    return Dialog(KIND, title, items, "Send anyway" if warned else "Send", {**memory, **only}, case.tz)


def _thread(case: CaseView) -> Iterator[Item]:
    """Show what was said, the post that waits always among it."""
    waits = [line for line in case.thread if line.waits]
    last = list(case.thread[-LINES:])
    first = [line for line in waits if line not in last]
    if case.more or len(case.thread) > len(last) + len(first):
        yield aside("Earlier posts are not shown.")
    for line in (*first, *last):
        yield Quote(_speaker(line), _text(line), line.at)
    for reply in case.underway:
        yield _underway(reply)


def _speaker(line: Line) -> str:
    how = _WHO.get(line.speaker)
    said = f"{line.who} ({how})" if how and line.who != how else line.who
    return f"{said}, {line.gone}" if line.gone else said


def _text(line: Line) -> str:
    media = f"({', '.join(line.media)})" if line.media else ""
    return f"{line.text or ''}\n{media}".strip()


def _underway(reply: Underway) -> Words:
    said = (f"An answer by {reply.by} of ", reply.at, f" is {reply.words}: “{reply.text[:300]}”")
    return alarm(*said) if reply.failed else words(*said)


def _past(case: CaseView) -> Iterator[Item]:
    if case.reasons:
        yield aside(f"{case.priority.capitalize()} priority: {'; '.join(case.reasons)}.")
    for one in case.earlier[:EARLIER]:
        yield _earlier(one)


def _earlier(one: Earlier) -> Words:
    return aside("Earlier, ", one.at, f" on {one.platform}: “{one.quote[:200]}” ({one.outcome})")


def wording_of(suggestions: Sequence[Suggestion], chosen: str) -> Wording | None:
    """Return the wording that a choice names: ``PLAYBOOK:NUMBER``."""
    name, _, number = chosen.rpartition(":")
    said = next((suggestion.say for suggestion in suggestions if suggestion.name == name), ())
    return said[int(number)] if number.isdecimal() and int(number) < len(said) else None


def _playbooks(suggestions: Sequence[Suggestion], ways: Sequence[Way]) -> Iterator[Item]:
    """Show what the team's playbooks say about such a case, and offer their wordings."""
    for suggestion in suggestions[:PLAYBOOKS]:
        yield from _playbook(suggestion)
    choices = tuple(_wordings(suggestions, ways))
    if choices:
        yield ChoiceField(
            WORDING, "Begin with a wording (replaces your answer)", choices, optional=True, live=True
        )


def _playbook(suggestion: Suggestion) -> Iterator[Item]:
    check = f" Check: {'; '.join(suggestion.check)}." if suggestion.check else ""
    private = f" Go private: {suggestion.private}." if suggestion.private else ""
    yield aside(f"Playbook “{suggestion.title}” ({suggestion.why}).{check}{private}")
    helpers = [f"{h.person} ({h.if_ or h.reason})" for h in suggestion.involve]
    if helpers:
        yield aside(f"Involve {', '.join(helpers)}.")


def _wordings(suggestions: Sequence[Suggestion], ways: Sequence[Way]) -> Iterator[tuple[str, str]]:
    """Yield (value, words) of each wording that can be said some way that is open."""
    open_ = {way.private for way in ways}
    for suggestion in suggestions:
        for number, wording in enumerate(suggestion.say):
            if wording.private is None or wording.private in open_:
                yield f"{suggestion.name}:{number}", f"{suggestion.title}: {wording.text}"


def _choice(ways: Sequence[Way], typed: Typed) -> Iterator[Item]:
    if len(ways) > 1:
        choices = tuple((_name(way), way.name) for way in ways)
        yield ChoiceField("way", "Where?", choices, typed.way or choices[0][0], fresh=typed.fresh)


def _name(way: Way) -> str:
    return PRIVATE if way.private else PUBLIC


def _limits(case: CaseView) -> Iterator[Item]:
    """Say of every way how much it takes and until when, or why it is shut."""
    for way in case.ways:
        if not way.is_open:
            yield aside(f"{way.name}: {way.closed}")
        elif way.most is not None:
            until: tuple[str | datetime, ...] = (", open until ", way.until_at) if way.until_at else ()
            yield aside(f"{way.name}: at most {way.most} {way.unit}", *until, ".")


def _shut(case: CaseView) -> Iterator[Item]:
    yield alarm("No answer can be sent from here now.")
    for way in case.ways:
        yield words(f"{way.name}: {way.closed}")
    if case.permalink:
        yield aside("Answer in the platform's own app: an answer typed there counts.")
