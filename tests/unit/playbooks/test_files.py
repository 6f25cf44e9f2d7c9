"""What a playbook's file may say, and what is told to whoever mistypes it: all of it at once, by key path."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from chalicelib.domain.playbook_files import Names, PlaybookFindings, read_playbooks
from chalicelib.domain.playbooks import Fit, Involve, Template
from chalicelib.domain.team import Rule
from chalicelib.wiring.playbook_names import playbook_names
from infra.oncall_files import read_file
from infra.playbook_files import SHIPPED, read_folder
from tests.builders import a_team

TOPICS = ("delay_disruption", "refund_cancellation")
KNOWN = Names(TOPICS, ("facebook", "x"), a_team(rules=(Rule(("stranded",), topics=("travel",)),)))


def read(text: str, name: str = "delays", known: Names = KNOWN) -> PlaybookFindings:
    return read_playbooks({name: tomllib.loads(text)}, known)


def faults(text: str, **where: Any) -> list[str]:
    return [f"{fault.path}: {fault.wrong}" for fault in read(text, **where).faults]


WHOLE = """
title = "Delays"
check = ["Is it still late?"]
private = "For bookings."
when = { topic = ["delay_disruption", "travel"], kind = "complaint", priority = "high", platform = "x", \
account = "acme-fb", surface = "public" }
involve = [{ who = "primary", if = "they are stranded" }, { who = "lead" }]
[[say]]
text = "Sorry, {first_name}."
[[say]]
surface = "private"
text = "By {deadline} on {platform}, {handle}: {brand}"
"""


def test_a_playbook_with_every_key_is_read() -> None:
    """One name or a list of them."""
    found = read(WHOLE)
    assert found.faults == ()
    (playbook,) = found.playbooks
    assert playbook.fit == Fit(
        ("delay_disruption", "travel"), ("complaint",), ("high",), ("x",), ("acme-fb",), "public"
    )
    assert playbook.involve == (Involve("primary", "they are stranded"), Involve("lead"))
    assert playbook.say[0] == Template("Sorry, {first_name}.")
    assert (playbook.say[1].surface, playbook.check, playbook.private) == (
        "private",
        ("Is it still late?",),
        "For bookings.",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "delays.title: it is missing"),
        ('title = "A"', "delays: it says nothing"),
        ('title = "A"\ncheck = ["x"]\nchekc = 1', "delays.chekc: nothing reads this key"),
        ('title = " "\ncheck = ["x"]', "delays.title: it is empty"),
        (
            'title = "A"\ncheck = ["x"]\nwhen = { topic = "dely" }',
            "delays.when.topic: there is no topic 'dely'",
        ),
        (
            'title = "A"\ncheck = ["x"]\nwhen = { platform = ["x", "myspace"] }',
            "delays.when.platform[1]: there is no platform 'myspace'",
        ),
        ('title = "A"\ncheck = ["x"]\nwhen = { kind = "rant" }', "delays.when.kind: there is no kind 'rant'"),
        (
            'title = "A"\ncheck = ["x"]\nwhen = { surface = "secret" }',
            "delays.when.surface: 'secret' is not one of them",
        ),
        (
            'title = "A"\ncheck = ["x"]\nwhen = { account = "z" }',
            "delays.when.account: there is no account 'z'",
        ),
        (
            'title = "A"\ncheck = ["x"]\ninvolve = [{ who = "zed" }]',
            "delays.involve[0].who: there is no 'zed' in the team file",
        ),
        ('title = "A"\n[[say]]\nsurface = "public"', "delays.say[0].text: it is missing"),
        ('title = "A"\n[[say]]\ntext = "Hi {name}"', "delays.say[0].text: there is no variable {name}"),
        ('title = "A"\n[[say]]\ntext = "Hi {first_name"', "delays.say[0].text: a brace stands alone"),
        (
            'title = "A"\n[[say]]\ntext = "Please send us your booking number"',
            "delays.say[0].text: it asks in public for the customer's booking or order number",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_key_path(text: str, told: str) -> None:
    """And with it what to write instead."""
    assert told in faults(text)
    assert all(fault.write for fault in read(text).faults)


def test_everything_is_said_at_once() -> None:
    """Of all files, in one go."""
    documents = {name: tomllib.loads('when = { kind = "rant" }') for name in ("a", "b")}
    paths = [fault.path for fault in read_playbooks(documents, KNOWN).faults]
    assert paths == ["a.title", "a.when.kind", "a", "b.title", "b.when.kind", "b"]


def test_a_file_is_named_plainly() -> None:
    """Its name is what people type."""
    assert faults('title = "A"\ncheck = ["x"]', name="Lost Baggage") == [
        "Lost Baggage: its file's name is no name"
    ]


def test_asking_in_private_is_right() -> None:
    """The same words, said where only one reads them; or leading there."""
    asks = '[[say]]\nsurface = "private"\ntext = "Please send us your booking number"'
    assert faults(f'title = "A"\n{asks}') == []
    assert faults('title = "A"\n[[say]]\ntext = "Please send us a DM with your booking number"') == []


def test_a_wording_that_holds_somebodys_data_is_a_warning() -> None:
    """It may be the brand's own number; somebody should look."""
    found = read('title = "A"\n[[say]]\ntext = "Call us on +44 7700 900123"')
    assert [warning.path for warning in found.warnings] == ["delays.say[0].text"]


def test_a_wording_too_long_for_a_platform_is_a_warning() -> None:
    """By the platform's own counting, variables put in."""
    known = playbook_names(a_team())
    text = "x" * 270
    found = read(f'title = "A"\n[[say]]\ntext = "{text} {{first_name}} {{handle}}"', known=known)
    assert [("x takes 280" in warning.wrong) for warning in found.warnings] == [True]
    only = (
        f'title = "A"\nwhen = {{ platform = "facebook" }}\n[[say]]\ntext = "{text} {{first_name}} {{handle}}"'
    )
    assert read(only, known=known).warnings == ()


def test_the_shipped_playbooks_are_right_and_complete() -> None:
    """Nothing to say about them; every topic of the judge's has one, and every public wording fits everywhere."""
    known = playbook_names(read_file(SHIPPED.parent / "team.toml"))
    found = read_playbooks({name: tomllib.loads(text) for name, text in read_folder(SHIPPED).items()}, known)
    assert (found.faults, found.warnings) == ((), ())
    covered = {topic for playbook in found.playbooks for topic in playbook.fit.topics}
    assert covered == set(known.topics)
    assert any(playbook.fit == Fit() for playbook in found.playbooks)


def test_the_shipped_playbooks_name_only_the_lead() -> None:
    """So that they can be pushed beside any team file."""
    known = Names(
        playbook_names(a_team()).topics, (*KNOWN.platforms, "threads"), a_team(people={}, schedules={})
    )
    found = read_playbooks({name: tomllib.loads(text) for name, text in read_folder(SHIPPED).items()}, known)
    assert found.faults == ()
