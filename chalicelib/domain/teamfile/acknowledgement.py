"""Reads ``[acknowledgement]``: whether, when and in which words a waiting customer hears that they were seen.

A text that would have a machine pose as a person is refused: that is the one lie it could tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from chalicelib.domain.asking import asked_for
from chalicelib.domain.oncall_words import Misworded
from chalicelib.domain.playbooks import VARIABLES, stray_braces, variables_in
from chalicelib.domain.posts import Surface
from chalicelib.domain.team import Acknowledgement, Offset, TeamFile
from chalicelib.domain.teamfile.faults import Fault
from chalicelib.domain.teamfile.tables import Table

SECTION = "acknowledgement"
DEFAULT = "We have seen this; a person will answer by {deadline}. (This line is automatic.)"
MOST = 200
"""Characters before the variables are put in: it must fit wherever customers write."""

_PERCENT = re.compile(r"(\d{1,2}(?:\.\d+)?) ?%")
_FIRST_PERSON = re.compile(r"\b(?:I|I['\u2019](?:m|ll|ve|d)|[Mm]y|[Mm]yself|[Mm]e)\b")
_SIGNED = re.compile(
    r"[\^~]\s?\w{1,12}\s*$|(?:^|[.!?\s])[-\u2013\u2014*/]\s?[A-Z]\w{0,15}\.?\s*$|"
    r"\b(?i:regards|cheers|best wishes|yours|love)\b[ ,]*\w*[.!]?\s*$",
)


def read_acknowledgement(root: Table) -> Acknowledgement | None:
    """Read the section; None, which is off, where the file has none."""
    if SECTION not in root.names():
        root.table(SECTION)
        return None
    table = root.table(SECTION)
    write = 'write the share of the promised time after which it goes out: after = "50%"'
    after = table.word("after", _share, write)
    text = table.prose("text")
    found = Acknowledgement(
        after=after or Offset(remaining=0.5),
        text=DEFAULT if text is None else text.strip(),
        surface=table.word("surface", _surface),
        accounts=table.texts("accounts"),
    )
    table.close()
    for wrong, told in _wrongs(found.text):
        table.fault("text", wrong, told)
    return found


def acknowledgement_faults(team: TeamFile) -> Iterator[Fault]:
    """Find accounts that do not exist, and a text that speaks as one of the people."""
    found = team.acknowledgement
    if found is None:
        return
    for n, name in enumerate(found.accounts):
        if team.accounts and name not in team.accounts:
            close = get_close_matches(name, team.accounts, 1)
            told = f"did you mean {close[0]!r}?" if close else f"write one of: {', '.join(team.accounts)}"
            yield Fault(f"{SECTION}.accounts[{n}]", f"there is no {name!r}", told)
    for name in team.people:
        if re.search(rf"\b{re.escape(name.capitalize())}\b", found.text):
            told = "leave names out: a person did not write it"
            yield Fault(f"{SECTION}.text", f"it names {name}, who would seem to have written it", told)


def _wrongs(text: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the words, and what to write instead."""
    if "\n" in text or len(text) > MOST:
        yield f"it is more than one line of {MOST} characters", "say it in one short line"
    for name in variables_in(text):
        if name not in VARIABLES:
            yield f"there is no variable {{{name}}}", f"write one of: {', '.join(VARIABLES)}, in braces"
    if stray_braces(text):
        yield "a brace stands alone", "write variables as {deadline}, and no other braces"
    if "deadline" not in variables_in(text):
        yield "it does not say by when a person answers", "put {deadline} where the local time belongs"
    yield from _lies(text)


def _lies(text: str) -> Iterator[tuple[str, str]]:
    if _FIRST_PERSON.search(text):
        yield "it speaks as one person, and no person wrote it", 'write "we", and that a person will answer'
    if _SIGNED.search(text):
        yield "it is signed, and no person wrote it", "leave the signature out"
    if asked_for(text):
        yield f"it asks for the customer's {asked_for(text)[0]}", "ask nothing: a person will"


def _share(words: str) -> Offset:
    """Read the share of the time that has passed, as the share that is left."""
    found = _PERCENT.fullmatch(words.strip())
    if found is None or not float(found[1]):
        raise Misworded(f"{words!r} is no share of the promised time", 'write 1% to 99%: after = "50%"')
    return Offset(remaining=1 - float(found[1]) / 100)


def _surface(words: str) -> str:
    if words not in tuple(Surface):
        raise Misworded(f"{words!r} is not one of them", f"write one of: {', '.join(Surface)}")
    return words
