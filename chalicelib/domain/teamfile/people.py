"""Reads ``[people.*]``: who can be reached, and how."""

from __future__ import annotations

import re

from chalicelib.domain.oncall_words import Misworded, read_contact
from chalicelib.domain.schedule import has_address
from chalicelib.domain.team import NOBODY, Channel, Contact, Person
from chalicelib.domain.teamfile.tables import Table

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_SLACK = re.compile(r"[UW][A-Z0-9]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read_people(root: Table) -> dict[str, Person]:
    """Read everybody."""
    return {name: _read_person(name, table) for name, table in root.named("people")}


def _read_person(name: str, table: Table) -> Person:
    if name == NOBODY:
        table.fault("", f"{NOBODY!r} means that a turn is nobody's", "give this person another name")
    person = Person(
        name=name,
        phone=table.word("phone", _phone),
        slack=table.word("slack", _slack),
        email=table.word("email", _email),
    )
    reach = table.words("reach", read_contact) if "reach" in table.names() else _usual_reach(person, table)
    table.close()
    for contact in dict.fromkeys(contact.channel for contact in reach):
        _demand_address(person, contact, table)
    return Person(name, person.phone, person.slack, person.email, reach)


def _usual_reach(person: Person, table: Table) -> tuple[Contact, ...]:
    """Return every contact there is an address for, all at once: what leaving ``reach`` out means."""
    table.texts("reach")
    return tuple(Contact(channel) for channel in Channel if has_address(person, channel))


def _demand_address(person: Person, channel: Channel, table: Table) -> None:
    key = "phone" if channel is Channel.SMS else "slack"
    if not has_address(person, channel) and key not in table.names():
        table.fault(
            "reach", f"it names {channel} but there is no `{key}`", f"write `{key}`, or take it out of reach"
        )


def _phone(words: str) -> str:
    squeezed = re.sub(r"[ ()-]", "", words)
    if not _PHONE.fullmatch(squeezed):
        raise Misworded(
            f"{words!r} is not a phone number", "write it as +447700900001: plus, country, number"
        )
    return squeezed


def _slack(words: str) -> str:
    if not _SLACK.fullmatch(words):
        raise Misworded(
            f"{words!r} is not a Slack member id", "write the id from the person's profile, such as U01ABC"
        )
    return words


def _email(words: str) -> str:
    if not _EMAIL.fullmatch(words):
        raise Misworded(f"{words!r} is not an e-mail address", "write it as name@example.com")
    return words
