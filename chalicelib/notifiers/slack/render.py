"""Turns an alert into a Slack message: blocks that people read, and plain text for phones. Pure.

The quote arrives masked of personal data; here it is only escaped. Limits are those of Block Kit
(https://docs.slack.dev/reference/block-kit/blocks), counted in UTF-16 units, and hold for any input.
Colour never speaks alone: each tone also has a sign and the alert's own headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.alert import AlertView, Earlier, Past, Tone
from chalicelib.notifiers.slack.words import away, escaped, link, local, moment, plain, quoted, sentence

Block = dict[str, Any]

SECTION, FIELD, CONTEXT, BUTTON, VALUE, ACTION_ID, NOTICE = 2900, 400, 900, 75, 150, 255, 1000
WHY = 380
"""Each of at most seven pieces."""
MOST_BUTTONS, MOST_MORE, MOST_EARLIER, MOST_HISTORY = 24, 5, 3, 5


@dataclass(frozen=True, slots=True)
class Look:
    """How a tone shows: the bar's colour and a sign that does not need colour vision."""

    colour: str
    sign: str


LOOKS = {
    Tone.AMBER: Look("#e8a317", ":large_orange_circle:"),
    Tone.RED: Look("#d7263d", ":red_circle:"),
    Tone.ANSWERED: Look("#2e9e5b", ":white_check_mark:"),
    Tone.QUIET: Look("#8a8f98", ":white_circle:"),
}


WAITING = (Tone.AMBER, Tone.RED)


@dataclass(frozen=True, slots=True)
class Button:
    """What a button says, and its style (None, ``primary`` or ``danger``)."""

    words: str
    style: str | None = None


BUTTONS = {
    "claim": Button("Claim", "primary"),
    "take_over": Button("Take over"),
    "renew": Button("Keep it longer"),
    "reply": Button("Reply", "primary"),
    "close": Button("Not needed…"),
    "pause": Button("Pause…"),
    "resume": Button("Resume", "primary"),
    "answer_needed": Button("It does need an answer"),
    "no_answer_needed": Button("It needs no answer"),
    "was_for_them": Button("Yes, for them"),
    "was_not_for_them": Button("No, not for them"),
}
MENU = {
    "release": "Release it",
    "hand_over": "Hand over to…",
    "human_typed": "A person typed that reply",
    "follow_up": "Check on this later…",
    "correct": "Correct the judgement…",
    "hide": "Hide it from the public",
}
"""The lines behind *More*."""


def message(view: AlertView, key: str) -> dict[str, Any]:
    """Return what ``chat.postMessage`` and ``chat.update`` take, save where it goes."""
    body = _conversation(view) if view.handle else _announcement(view)
    return {
        "text": notice(view),
        "blocks": [_section(_headline(view))],
        "attachments": [{"color": LOOKS[view.tone].colour, "blocks": list(body)}],
        "metadata": metadata(key),
    }


def plain_message(view: AlertView, key: str) -> dict[str, Any]:
    """Return the same without blocks, for when Slack refuses them: a plain page beats none."""
    return {"text": notice(view), "blocks": [], "attachments": [], "metadata": metadata(key)}


def metadata(key: str) -> dict[str, Any]:
    """Return the mark by which our own message is found again after a time-out."""
    return {"event_type": "nightdesk", "event_payload": {"key": key}}


def notice(view: AlertView) -> str:
    """Return the alert as one line of text: what a phone's notification shows."""
    who = f": {escaped(_line(f'{view.handle} on {view.platform.capitalize()}'), 120)}" if view.handle else ""
    due = f", due {local(view.deadline_at, view.tz)}" if view.deadline_at else ""
    quote = f" “{escaped(_line(view.quote), 400)}”" if view.quote.strip() else ""
    return f"{_mention(view)}{escaped(_line(view.headline), 300) or 'Nightdesk'}{who}{due}{quote}"


def _headline(view: AlertView) -> str:
    return f"{LOOKS[view.tone].sign} {_mention(view)}*{escaped(_line(view.headline).replace('*', ''), 600) or 'Nightdesk'}*"


def _line(text: str) -> str:
    return " ".join(text.split())


def _mention(view: AlertView) -> str:
    member = view.mention or ""
    return f"<@{member}> " if re.fullmatch(r"[UW][A-Z0-9]{1,30}", member) else ""


def _announcement(view: AlertView) -> Iterator[Block]:
    """Show what is about no customer: a failing channel, a summary."""
    yield _section("\n".join(escaped(line, 250) for line in view.history[:10]) or "_(nothing more is known)_")
    yield _context(f"*Why:* {escaped(view.why, CONTEXT - 10)}")


def _conversation(view: AlertView) -> Iterator[Block]:
    yield _section(quoted(view.quote, SECTION) or "_(no text)_")
    yield {"type": "section", "fields": [_mrkdwn(words) for words in _facts(view)]}
    yield _context(*_whys(view))
    if view.exposed:
        yield _section(f":see_no_evil: {escaped(view.exposed, SECTION - 20)}")
    if view.trouble:
        yield _section(f":warning: {escaped(view.trouble, SECTION - 20)}")
    if view.maybe_reply_at is not None:
        yield _section(f"The brand replied {moment(view.maybe_reply_at, view.tz)}: was it for them?")
    if view.earlier:
        yield _context("*Earlier*", *(_earlier(one, view.tz) for one in view.earlier[:MOST_EARLIER]))
    if view.past:
        yield _context(*(_past(one, view.tz) for one in view.past[-MOST_HISTORY:]))
    if elements := [*_buttons(view), *_menu(view)]:
        yield {"type": "actions", "elements": elements}
    if view.link:
        yield _context(f"{link(view.link, 'Open it as a page')}, once, for you alone")


def _facts(view: AlertView) -> Iterator[str]:
    where = view.platform.replace("_", " ").capitalize()
    shown = link(view.permalink, f"Open on {where}") if view.permalink else escaped(where, 100)
    yield f"*From*\n{escaped(view.handle, FIELD)} · {shown}"
    if view.tone in WAITING:
        yield f"*Needs*\n{escaped(view.needs, FIELD)} ({escaped(view.priority, 50)})"
    if view.deadline_at is not None:
        yield f"*Due*\n{away(view.deadline_at, view.tz)}"
    if view.owner is not None:
        until = f" until {moment(view.claim_until, view.tz)}" if view.claim_until else ""
        yield f"*With*\n{escaped(view.owner, FIELD)}{until}"


def _whys(view: AlertView) -> Iterator[str]:
    yield f"*Why:* {sentence(view.why_said or (view.why,), view.tz, WHY)}"
    if view.reasons and view.tone in WAITING:
        yield f"*{escaped(view.priority.capitalize(), 50)} priority:* {escaped('; '.join(view.reasons), CONTEXT - 80)}"
    if view.repeat_contact:
        yield "*Again:* they have written before about something else"


def _past(one: Past, tz: str) -> str:
    return f"{moment(one.at, tz)}: {escaped(one.words, CONTEXT - 100)}"


def _earlier(one: Earlier, tz: str) -> str:
    quote = escaped(one.quote, 200)
    where = link(one.permalink or "", one.platform.capitalize()[:40])
    return f"{moment(one.at, tz)}, {where}: “{quote}” ({escaped(one.outcome, 80)})"


def _buttons(view: AlertView) -> Iterator[Block]:
    for action in list(dict.fromkeys(view.actions))[:MOST_BUTTONS]:
        known = BUTTONS.get(action, Button(action.replace("_", " ").capitalize()))
        button: Block = {
            "type": "button",
            "action_id": plain(action, ACTION_ID),
            "text": _plain(known.words, BUTTON),
            "value": plain(view.conversation_id, VALUE),
        }
        yield button | ({"style": known.style} if known.style else {})


def _menu(view: AlertView) -> Iterator[Block]:
    """Yield what is chosen less often; each line is written ``ACTION:CONVERSATION``."""
    known = [action for action in dict.fromkeys(view.more) if action in MENU]
    options = [
        {"text": _plain(MENU[action], BUTTON), "value": plain(f"{action}:{view.conversation_id}", VALUE)}
        for action in known[:MOST_MORE]
    ]
    if options:
        yield {"type": "overflow", "action_id": "more", "options": options}


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _context(*texts: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(text) for text in texts]}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": plain(text, limit)}


def _mrkdwn(text: str) -> Block:
    """``verbatim`` keeps Slack from linking addresses, channels and names in text it did not get as markup."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
