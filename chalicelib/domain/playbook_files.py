"""Reads playbooks: what each file says, and everything that is wrong with all of them, at once.

A fault names its key path, ``delays.say[1].text``, what is wrong and what to write instead, like the team file's.
Which playbook fits a case is ``playbooks``' to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from chalicelib.domain.advice import Room
from chalicelib.domain.asking import asked_in_the_open
from chalicelib.domain.escalation_recipients import LEAD
from chalicelib.domain.judgement import PostKind, Priority
from chalicelib.domain.personal_data import find
from chalicelib.domain.playbooks import (
    VARIABLES,
    Fit,
    Involve,
    Playbook,
    Template,
    rendered,
    stray_braces,
    variables_in,
)
from chalicelib.domain.posts import Surface
from chalicelib.domain.team import TeamFile
from chalicelib.domain.teamfile.faults import Fault
from chalicelib.domain.teamfile.tables import Table

Measure = Callable[[str, str, bool], Room]
"""Platform, text, private → how long it is there and may be."""

EXAMPLE = {"first_name": "Alexandra", "handle": "@alexandra_b", "platform": "Instagram", "deadline": "14:30"}
"""A case to measure wordings with."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Names:
    """What names may stand for: the judge's topics, the platforms, and the team file's people and accounts."""

    topics: tuple[str, ...]
    platforms: tuple[str, ...]
    team: TeamFile
    measure: Measure | None = None

    @property
    def all_topics(self) -> tuple[str, ...]:
        """Return the judge's topics and those the team's own rules give."""
        own = (topic for rule in self.team.rules for topic in rule.topics)
        return tuple(dict.fromkeys((*self.topics, *own)))

    @property
    def people(self) -> tuple[str, ...]:
        """Return everybody who may be involved."""
        return tuple(dict.fromkeys((LEAD, *self.team.people, *self.team.schedules)))


@dataclass(frozen=True, slots=True)
class PlaybookFindings:
    """The playbooks, and everything there is to say about them; with ``faults`` they must not be put in force."""

    playbooks: tuple[Playbook, ...]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def read_playbooks(documents: Mapping[str, Mapping[str, object]], known: Names) -> PlaybookFindings:
    """Read the documents by name, in the order of their names."""
    faults: list[Fault] = []
    playbooks = tuple(_read(name, Table(documents[name], name, faults), known) for name in sorted(documents))
    worded = [fault for playbook in playbooks for fault in _wording_faults(playbook)]
    warnings = tuple(warning for playbook in playbooks for warning in _warnings(playbook, known))
    return PlaybookFindings(playbooks, (*faults, *worded), warnings)


def _read(name: str, table: Table, known: Names) -> Playbook:
    if not _NAME.fullmatch(name):
        table.fault(
            "", "its file's name is no name", "use small letters, digits and hyphens: lost-baggage.toml"
        )
    playbook = Playbook(
        name=name,
        title=_prose(table, "title", 'say what it is for: title = "Lost baggage"'),
        fit=_read_fit(table.table("when"), known),
        check=table.texts("check"),
        say=tuple(map(_read_template, table.tables("say"))),
        involve=tuple(_read_involve(each, known) for each in table.tables("involve")),
        private=table.prose("private"),
    )
    table.close()
    if not playbook.check and not playbook.say:
        table.fault("", "it says nothing", 'write check = ["…"], or [[say]] with text = "…"')
    return playbook


def _read_fit(table: Table, known: Names) -> Fit:
    team = known.team
    fit = Fit(
        topics=_known(table, "topic", known.all_topics),
        kinds=_known(table, "kind", tuple(PostKind)),
        priorities=_known(table, "priority", tuple(Priority)),
        platforms=_known(table, "platform", known.platforms),
        accounts=_known(table, "account", tuple(team.accounts)),
        surface=_surface(table),
    )
    table.close()
    return fit


def _read_template(table: Table) -> Template:
    text = _prose(table, "text", 'write what to say: text = "Hi {first_name}, …"')
    template = Template(text.strip(), _surface(table))
    table.close()
    for name in variables_in(text):
        if name not in VARIABLES:
            table.fault(
                "text", f"there is no variable {{{name}}}", _meant(name, tuple(VARIABLES), braces=True)
            )
    if stray_braces(text):
        table.fault("text", "a brace stands alone", "write variables as {first_name}, and no other braces")
    return template


def _read_involve(table: Table, known: Names) -> Involve:
    who = table.text("who", 'name a person or a schedule: who = "lead"') or ""
    if who and who not in known.people:
        table.fault("who", f"there is no {who!r} in the team file", _meant(who, known.people))
    involve = Involve(who, table.prose("if"))
    table.close()
    return involve


def _known(table: Table, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Read one name or a list of them, each of which must be known."""
    names = table.texts(key)
    for n, name in enumerate(names):
        if name not in known:
            path = key if len(names) == 1 else f"{key}[{n}]"
            table.fault(path, f"there is no {key} {name!r}", _meant(name, known))
    return names


def _surface(table: Table) -> str | None:
    found = table.text("surface")
    if found is not None and found not in tuple(Surface):
        table.fault("surface", f"{found!r} is not one of them", f"write one of: {', '.join(Surface)}")
    return found


def _prose(table: Table, key: str, write: str) -> str:
    """Read words for people; nothing but blanks is nothing."""
    found = table.text(key, write) or ""
    if key in table.names() and not found.strip():
        table.fault(key, "it is empty", write)
    return found


def _meant(name: str, known: tuple[str, ...], *, braces: bool = False) -> str:
    close = get_close_matches(name, known, 1)
    shown = [f"{{{each}}}" if braces else each for each in (close or known)]
    return f"did you mean {shown[0]}?" if close else f"write one of: {', '.join(shown)}"


def _wording_faults(playbook: Playbook) -> Iterator[Fault]:
    """Find wordings that ask in public for what is the customer's alone: they would be said a thousand times."""
    for n, template in enumerate(playbook.say):
        asked = () if _is_private(playbook, template) else asked_in_the_open(template.text)
        if asked:
            path, wrong = f"{playbook.name}.say[{n}].text", f"it asks in public for the customer's {asked[0]}"
            yield Fault(path, wrong, 'lead them to a direct message, or write surface = "private"')


def _warnings(playbook: Playbook, known: Names) -> Iterator[Fault]:
    """Find wordings that give something away, and those too long for a platform they are for."""
    for n, template in enumerate(playbook.say):
        path, private = f"{playbook.name}.say[{n}].text", _is_private(playbook, template)
        if find(template.text) and not private:
            yield Fault(path, "it holds what looks like personal data", "be sure that everybody may read it")
        yield from _long(path, template, playbook, known, private=private)


def _long(
    path: str, template: Template, playbook: Playbook, known: Names, *, private: bool
) -> Iterator[Fault]:
    text = rendered(template.text, EXAMPLE | {"brand": known.team.brand})
    if known.measure is None or text is None:
        return
    for platform in playbook.fit.platforms or known.platforms:
        room = known.measure(platform, text, private) if platform in known.platforms else None
        if room is not None and room.left < 0:
            wrong = f"it has about {room.length} {room.unit} and {platform} takes {room.most}: it is left out there"
            yield Fault(path, wrong, "shorten it, or add a shorter one")


def _is_private(playbook: Playbook, template: Template) -> bool:
    return Surface.PRIVATE in (template.surface, playbook.fit.surface)
