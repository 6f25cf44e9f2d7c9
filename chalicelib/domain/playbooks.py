"""Playbooks: for a kind of case what to check, what to say, whom to involve, and when to go private.

Pure: which playbooks fit a case, most specific first, and their wordings with the case's own words put in. Reading
the files is ``playbook_files``'; nothing here knows rows, people on call, or what a platform takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.personal_data import find
from chalicelib.domain.wallclock import local, zone

VARIABLES: Final = {
    "first_name": "what to call the customer: the first name of their public name, else their handle, else 'there'",
    "handle": "their public handle, else what first_name says",
    "brand": "the brand, as the team file names it",
    "platform": "where they wrote: Facebook, Instagram, X …",
    "deadline": "the local time by which an answer is promised; a wording with it is left out when none is",
}
"""What a wording may have put in, and what each means."""

MOST = 3
"""How many playbooks are offered: a person half asleep reads one."""

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_HANDLES: Final = frozenset({"x", "instagram", "threads"})
"""Where a handle is a link when written with its sign."""

_LONGEST_NAME: Final = 20
_MANY_DIGITS: Final = re.compile(r"(?:\d\D{0,2}){6}")
_TITLES: Final = frozenset({"mr", "mrs", "ms", "mx", "miss", "dr", "prof", "sir", "the"})


@dataclass(frozen=True, slots=True)
class Fit:
    """What a playbook asks of a case; an empty list asks nothing, and ``surface`` None neither."""

    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    surface: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """One thing to say, with variables; ``surface`` None: it may be said in public and in private."""

    text: str
    surface: str | None = None


@dataclass(frozen=True, slots=True)
class Involve:
    """Whom to involve (a person, a schedule, or ``lead``), and in which case; None: always."""

    who: str
    if_: str | None = None


@dataclass(frozen=True, slots=True)
class Playbook:
    """One playbook; ``name`` is its file's. ``private`` says when to go private."""

    name: str
    title: str
    fit: Fit = Fit()
    check: tuple[str, ...] = ()
    say: tuple[Template, ...] = ()
    involve: tuple[Involve, ...] = ()
    private: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What playbooks are matched by: the judgement of a case and where it is."""

    topics: tuple[str, ...]
    kind: str
    priority: str
    platform: str
    account: str
    surface: str


def matching(playbooks: Iterable[Playbook], subject: Subject) -> tuple[Playbook, ...]:
    """Return those that fit, the most telling first.

    One that asks for a priority comes before one that asks for a kind, then a topic, an account, a platform, a
    surface; of two that ask for the same, the first by name.
    """
    fitting = (playbook for playbook in playbooks if _fits(playbook.fit, subject))
    return tuple(sorted(fitting, key=_place)[:MOST])


def why(playbook: Playbook, subject: Subject) -> str:
    """Return what about a case a playbook fits: "delay disruption, on x"."""
    fit = playbook.fit
    words = [topic.replace("_", " ") for topic in subject.topics if topic in fit.topics]
    words += [subject.priority] if fit.priorities else []
    words += [subject.kind] if fit.kinds else []
    words += [f"on {subject.platform}"] if fit.platforms else []
    words += [subject.account] if fit.accounts else []
    words += [f"in {subject.surface}"] if fit.surface else []
    return ", ".join(words) or "whatever it is"


def variables_in(text: str) -> tuple[str, ...]:
    """Return the variables a wording names, known or not."""
    return tuple(_VARIABLE.findall(text))


def stray_braces(text: str) -> bool:
    """Tell whether a brace belongs to no variable."""
    return bool(re.search(r"[{}]", _VARIABLE.sub("", text)))


def rendered(text: str, values: Mapping[str, str | None]) -> str | None:
    """Return a wording with its variables put in, once: a value is never read for variables again.

    None when it names one that is not known for this case.
    """
    if any(values.get(name) is None for name in variables_in(text)):
        return None
    return _VARIABLE.sub(lambda match: values[match.group(1)] or "", text)


def values_of(conversation: Conversation, *, brand: str, tz: str, now: datetime) -> dict[str, str | None]:
    """Return what the variables say of a case: of the customer nothing but the public name and handle."""
    first = first_name(conversation)
    return {
        "first_name": first,
        "handle": _handle(conversation) or first,
        "brand": brand,
        "platform": "X" if conversation.platform == "x" else conversation.platform.capitalize(),
        "deadline": _clock(conversation.deadline_at, tz, now),
    }


def first_name(conversation: Conversation) -> str:
    """Return what to call the customer: a first name that is surely no more than that, else the handle."""
    words = (conversation.contact_name or "").split()
    named = [word for word in words if word.casefold().rstrip(".") not in _TITLES]
    if named and len(named) == len(words) and _is_name(named[0]) and _is_harmless(" ".join(words)):
        return named[0]
    return _handle(conversation) or "there"


def _handle(conversation: Conversation) -> str | None:
    bare = (conversation.contact_handle or "").lstrip("@").strip()
    if not bare or not _is_harmless(bare) or any(map(str.isspace, bare)):
        return None
    return f"@{bare}" if conversation.platform in _HANDLES else bare


def _is_name(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("\u2019", "")
    return letters.isalpha() and len(word) <= _LONGEST_NAME


def _is_harmless(words: str) -> bool:
    """Tell whether a public name holds nothing else: some people's is their e-mail address or number."""
    return "@" not in words and not find(words) and not _MANY_DIGITS.search(words)


def _clock(at: datetime | None, tz: str, now: datetime) -> str | None:
    """Return an instant as the clock on the wall shows it, with its day where that is another one, and the zone."""
    if at is None:
        return None
    wall, named = local(at, tz), f"{at.astimezone(zone(tz)):%Z}"
    day = "" if wall.date() == local(now, tz).date() else f"{wall:%A} "
    return f"{day}{wall:%H:%M} {named if named.isalpha() else f'UTC{named}'}"


def _fits(fit: Fit, subject: Subject) -> bool:
    asked = (
        (fit.topics, subject.topics),
        (fit.kinds, (subject.kind,)),
        (fit.priorities, (subject.priority,)),
        (fit.platforms, (subject.platform,)),
        (fit.accounts, (subject.account,)),
        ((fit.surface,) if fit.surface else (), (subject.surface,)),
    )
    return all(not wanted or set(wanted) & set(given) for wanted, given in asked)


def _place(playbook: Playbook) -> tuple[tuple[bool, ...], str]:
    fit = playbook.fit
    asks = (fit.priorities, fit.kinds, fit.topics, fit.accounts, fit.platforms, fit.surface)
    return tuple(not ask for ask in asks), playbook.name
