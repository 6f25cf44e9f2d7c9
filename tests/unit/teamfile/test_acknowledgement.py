"""`[acknowledgement]`: off when it is absent, and no machine may pose as a person."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.team import Acknowledgement, Offset
from chalicelib.domain.teamfile import examine
from chalicelib.domain.teamfile.acknowledgement import DEFAULT
from tests.unit.teamfile.documents import GB, NOW, SOUND


def examined(section: str) -> Any:
    return examine(tomllib.loads(f"{SOUND}\n{section}"), version="v1", now=NOW, holidays=GB)


def test_the_example_in_the_shipped_file_is_right() -> None:
    """Whoever takes the hashes away has it on."""
    shipped = (Path(__file__).parents[3] / "infra" / "team.toml").read_text(encoding="utf-8")
    section = shipped[shipped.index("# [acknowledgement]") :].split("\n\n")[0]
    assert faults(section.replace("\n# ", "\n").removeprefix("# ")) == []


def faults(section: str) -> list[str]:
    found = [fault for fault in examined(section).faults if fault.path.startswith("acknowledgement")]
    assert all(fault.write for fault in found)
    return [f"{fault.path}: {fault.wrong}" for fault in found]


def text(words: str) -> list[str]:
    return faults(f"[acknowledgement]\nafter = '50%'\ntext = '''{words}'''")


def test_it_is_off_by_default() -> None:
    """Nobody is written to by a machine unless somebody wanted it."""
    assert examined("").team.acknowledgement is None


def test_the_default_words_say_what_they_are() -> None:
    """A person will answer, by when, and that this line is no person's."""
    found = examined('[acknowledgement]\nafter = "40%"').team.acknowledgement
    assert found == Acknowledgement(Offset(remaining=0.6), DEFAULT)
    assert all(words in DEFAULT for words in ("a person will answer", "{deadline}", "automatic"))


def test_every_key_is_read() -> None:
    """In the brand's own words."""
    section = """[acknowledgement]
after = "75 %"
text = "{brand} has seen this, {first_name}. Somebody answers by {deadline}."
surface = "private"
accounts = ["acme-fb"]"""
    assert faults(section) == []
    assert examined(section).team.acknowledgement == Acknowledgement(
        Offset(remaining=0.25),
        "{brand} has seen this, {first_name}. Somebody answers by {deadline}.",
        "private",
        ("acme-fb",),
    )


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("[acknowledgement]", "acknowledgement.after: it is missing"),
        ("[acknowledgement]\nafter = '0%'", "acknowledgement.after: '0%' is no share of the promised time"),
        (
            "[acknowledgement]\nafter = '100%'",
            "acknowledgement.after: '100%' is no share of the promised time",
        ),
        ("[acknowledgement]\nafter = '10m'", "acknowledgement.after: '10m' is no share of the promised time"),
        (
            "[acknowledgement]\nafter = '50%'\nsurface = 'both'",
            "acknowledgement.surface: 'both' is not one of them",
        ),
        (
            "[acknowledgement]\nafter = '50%'\naccounts = ['x']",
            "acknowledgement.accounts[0]: there is no 'x'",
        ),
        ("[acknowledgement]\nafter = '50%'\ntxet = 'x'", "acknowledgement.txet: nothing reads this key"),
    ],
)
def test_what_is_wrong_is_named_by_its_key_path(section: str, told: str) -> None:
    """As everywhere in the file."""
    assert faults(section) == [told]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("I have seen this and will answer by {deadline}.", "it speaks as one person"),
        ("We have seen this. My colleague answers by {deadline}.", "it speaks as one person"),
        ("We have seen this; an answer comes by {deadline}. ^AB", "it is signed"),
        ("We have seen this; an answer comes by {deadline} - Kim", "it is signed"),
        ("We have seen this; an answer comes by {deadline}. Regards", "it is signed"),
        ("Ana has seen this and answers by {deadline}.", "it names ana"),
        ("A person answers by {deadline}. Please send us your booking number", "it asks for the customer's"),
        ("We have seen this.", "it does not say by when a person answers"),
        ("By {deadline}, {name}.", "there is no variable {name}"),
        ("By {deadline}. }", "a brace stands alone"),
        ("A person answers\nby {deadline}.", "it is more than one line"),
        ("A person answers by {deadline}. " + "Really. " * 25, "it is more than one line"),
    ],
)
def test_words_that_would_lie_or_say_nothing_are_refused(words: str, wrong: str) -> None:
    """It must not pose as a person, ask for anything, or leave out what it is for."""
    (told,) = text(words)
    assert told.startswith("acknowledgement.text: ")
    assert wrong in told


@pytest.mark.parametrize(
    "words",
    [
        "Acme Air is on Wi-Fi again; a person answers by {deadline}.",
        "Seen! Somebody from our team answers by {deadline}, {handle}.",
        "We banana you: by {deadline} a person answers.",
    ],
)
def test_honest_words_pass(words: str) -> None:
    """A name inside a word is no name."""
    assert text(words) == []
