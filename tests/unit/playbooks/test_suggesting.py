"""What a person is offered for a case: fitting playbooks, wordings ready to send, and who can be asked now."""

from __future__ import annotations

from chalicelib.domain.personal_data import mask
from chalicelib.domain.team import Override
from chalicelib.platforms.terms import PlatformTerms
from chalicelib.services.cases import Cases
from chalicelib.services.playbook_versions import PlaybookVersions
from chalicelib.services.playbooks import Playbooks, Suggestion, Wording
from chalicelib.services.reply_advice import ReplyAdvice
from chalicelib.wiring.playbook_names import playbook_names
from tests.builders import NIGHT, a_dm, a_team, minutes
from tests.unit.intake.desk_town import DeskTown

DELAYS = """
title = "Delays"
when = { topic = "delay_disruption" }
check = ["Is it still late?"]
private = "For the booking."
involve = [{ who = "primary", if = "stranded" }, { who = "lead" }, { who = "ben" }]
[[say]]
text = "Sorry, {first_name}. {brand} will answer by {deadline}."
[[say]]
surface = "private"
text = "Your booking number, please, {first_name}?"
[[say]]
surface = "public"
text = "We see it too, {handle}."
"""
ANYTHING = 'title = "Anything"\ncheck = ["What do they ask?"]'


class Library(DeskTown):
    """A town whose people are offered playbooks."""

    def __init__(self, **files: str) -> None:
        super().__init__()
        self.judged("Where is my order?", topics=("delay_disruption",))
        self.versions = PlaybookVersions(self.store, self.clock)
        if files:
            proposal = self.versions.propose(files, playbook_names(a_team()), by="ana")
            self.versions.activate(proposal)

    def suggested(self, *, at: float = 1) -> tuple[Suggestion, ...]:
        cases = Cases(self.store, self.team, mask, ReplyAdvice(self.store, PlatformTerms))
        case = cases.open(self.id, NIGHT + minutes(at))
        return Playbooks(self.store, self.versions, self.team, playbook_names).suggest(case)


def test_a_case_is_offered_its_playbooks_ready_to_send() -> None:
    """With what about it they fit, and the customer's public name put in."""
    town = Library(delays=DELAYS, anything=ANYTHING)
    town.asked()
    first, second = town.suggested()
    assert (first.name, first.why, first.check, first.private) == (
        "delays",
        "delay disruption",
        ("Is it still late?",),
        "For the booking.",
    )
    assert first.say == (
        Wording("Sorry, Jo. Acme Air will answer by 03:00 GMT."),
        Wording("Your booking number, please, Jo?", private=True),
        Wording("We see it too, Jo.", private=False),
    )
    assert (second.name, second.why) == ("anything", "whatever it is")


def test_in_a_direct_message_nothing_public_is_offered() -> None:
    """A message is never answered in public."""
    town = Library(delays=DELAYS)
    town.hears(a_dm())
    (offered,) = town.suggested()
    assert [wording.private for wording in offered.say] == [None, True]


def test_whom_to_involve_is_who_is_on_call_now() -> None:
    """A schedule becomes its person of the moment, stand-ins counted."""
    town = Library(delays=DELAYS)
    town.asked()
    people = [(helper.person, helper.if_) for helper in town.suggested()[0].involve]
    assert people == [("ana", "stranded"), ("lead", None), ("ben", None)]
    town.team.run_time_overrides.append(
        Override("primary", NIGHT, NIGHT + minutes(60), "ben", by="lead", id="o1")
    )
    (stand_in, *_) = town.suggested()[0].involve
    assert (stand_in.person, "override by lead" in stand_in.reason) == ("ben", True)


def test_somebody_who_left_is_not_offered() -> None:
    """The playbook names them still; the team file does not."""
    town = Library(delays=DELAYS)
    town.asked()
    team = a_team()
    fewer = {name: person for name, person in team.people.items() if name != "ben"}
    town.team.activate(a_team(version="v2", people=fewer))
    assert [helper.person for helper in town.suggested()[0].involve] == ["ana", "lead"]


def test_a_wording_too_long_for_the_platform_is_left_out() -> None:
    """Facebook takes 8,000 characters."""
    long = f'title = "Long"\n[[say]]\ntext = "{"x" * 8_001}"\n[[say]]\ntext = "short"'
    town = Library(long=long)
    town.asked()
    assert [wording.text for wording in town.suggested()[0].say] == ["short"]


def test_a_case_that_fits_no_topic_is_about_something_else() -> None:
    """Which a playbook may name."""
    town = Library(other='title = "Other"\ncheck = ["x"]\nwhen = { topic = "other" }')
    town.asked("Hm")
    assert [offered.name for offered in town.suggested()] == ["other"]


def test_without_playbooks_nothing_is_offered() -> None:
    """And nothing breaks."""
    town = Library()
    town.asked()
    assert town.suggested() == ()
