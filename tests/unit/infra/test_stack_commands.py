"""What `deploy` and `destroy` read, refuse and say."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.deploy import refuse_table_clock, refuse_what_the_template_would
from infra.execute import DeployError
from infra.failures import CommandError
from infra.stack_commands import (
    assignments,
    lead_parameters,
    next_steps,
    read_team,
    require_alarm_contact,
)

TEAM = {
    "accounts": {
        "page": {"platform": "facebook", "app": "acme-meta"},
        "shop": {"platform": "facebook", "app": "acme-meta"},
        "pics": {"platform": "instagram", "app": "acme-ig"},
    },
    "people": {"lead": {"phone": "+447700900009"}},
}


@pytest.mark.parametrize("stage", ["prod", "staging", "tests", "my-test-1"])
def test_a_clock_that_people_set_is_refused_outside_test_stages(stage: str) -> None:
    """A stopped clock would page nobody."""
    with pytest.raises(DeployError, match=f"Clock=table .* test-.*{stage}"):
        refuse_table_clock(stage, {"Clock": "table"})


def test_test_stages_may_stop_the_clock_and_others_keep_the_system_one() -> None:
    """`test-` is the one way in."""
    refuse_table_clock("test-a1", {"Clock": "table"})
    refuse_table_clock("prod", {"Clock": "system"})
    refuse_table_clock("prod", {})


@pytest.mark.parametrize(
    ("stage", "given", "told"),
    [
        ("Prod 1", {}, "Stage=Prod 1 has not the form .* Names this installation: prod"),
        ("prod", {"SmsProvidr": "sns"}, "There is no parameter SmsProvidr: write SmsProvider"),
        ("prod", {"SmsProvider": "pigeon"}, "write sns or end_user_messaging or twilio"),
        ("prod", {"LeadPhone": "07700 900009"}, "LeadPhone=07700 900009 has not the form .* E.164"),
    ],
)
def test_what_the_template_would_refuse_is_refused_before_anything_is_uploaded(
    stage: str, given: dict[str, str], told: str
) -> None:
    """A mistyped name costs a second, not an upload and CloudFormation's words."""
    with pytest.raises(DeployError, match=told):
        refuse_what_the_template_would(stage, given)


def test_what_the_template_takes_is_taken() -> None:
    """Every documented parameter, and none."""
    refuse_what_the_template_would("test-a1", {})
    refuse_what_the_template_would(
        "prod", {"SmsProvider": "twilio", "LeadPhone": "+447700900009", "LeadEmail": ""}
    )


def test_alarms_go_to_the_person_called_lead() -> None:
    """Only what the file names; a missing address is no empty parameter."""
    assert lead_parameters(TEAM) == {"LeadPhone": "+447700900009"}
    assert lead_parameters({}) == {}


def test_alarms_that_would_reach_nobody_are_refused_by_the_setting_to_change() -> None:
    """Neither a phone nor an address: the deployment stops before anything is uploaded."""
    with pytest.raises(CommandError, match=r"people\.lead .* team\.toml, or --set LeadPhone"):
        require_alarm_contact({}, Path("team.toml"))
    require_alarm_contact({"LeadEmail": "lead@example.com"}, Path("team.toml"))


def test_parameters_are_words_with_an_equals_sign() -> None:
    """The value may hold more of them."""
    assert assignments(["A=1", "B=x=y"]) == {"A": "1", "B": "x=y"}
    with pytest.raises(CommandError, match="NAME=VALUE"):
        assignments(["A"])


def test_a_missing_or_broken_team_file_is_named(tmp_path: Path) -> None:
    """The sentence holds the path that was tried."""
    with pytest.raises(CommandError, match=r"gone\.toml"):
        read_team(tmp_path / "gone.toml")
    (tmp_path / "bad.toml").write_text("a = ")
    with pytest.raises(CommandError, match=r"bad\.toml is not TOML"):
        read_team(tmp_path / "bad.toml")


def test_each_app_is_told_its_address_once() -> None:
    """Two accounts of one app share its webhook."""
    lines = next_steps({"PublicBaseUrl": "https://desk.example.com"}, TEAM, "prod")
    hooks = [line.strip() for line in lines if "/hooks/" in line]
    assert hooks == [
        "https://desk.example.com/hooks/facebook/acme-meta",
        "https://desk.example.com/hooks/instagram/acme-ig",
    ]
