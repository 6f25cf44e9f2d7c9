"""Secrets: kept for five minutes, rotated by lines, and used a little longer when SSM is away."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.errors import Misconfigured, Transient
from chalicelib.secrets.ssm import KEPT_FOR, SsmSecrets
from chalicelib.services.rotation import accepted, current
from tests.fakes import FakeSecrets


class Ssm:
    """Secrets whose store answers as told, and whose clock is ``seconds``."""

    def __init__(self) -> None:
        client = boto3.client(
            "ssm", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
        )
        self.stub = Stubber(client)
        self.seconds = 0.0
        self.secrets = SsmSecrets("/nightdesk/prod/", client=client, elapsed=lambda: self.seconds)

    def holds(self, value: str) -> None:
        """Expect one read, decrypted, and answer it."""
        expected = {"Name": "/nightdesk/prod/slack", "WithDecryption": True}
        self.stub.add_response("get_parameter", {"Parameter": {"Value": value}}, expected)

    def fails(self, code: str) -> None:
        """Let the next read fail."""
        self.stub.add_client_error("get_parameter", code)


@pytest.fixture
def ssm() -> Iterator[Ssm]:
    """Secrets that demand that every answer prepared is asked for."""
    made = Ssm()
    with made.stub:
        yield made
        made.stub.assert_no_pending_responses()


def test_a_secret_is_read_once_in_five_minutes(ssm: Ssm) -> None:
    ssm.holds("one")
    assert ssm.secrets.get("slack") == "one"
    ssm.seconds = KEPT_FOR.total_seconds() - 1
    assert ssm.secrets.get("slack") == "one"


def test_a_rotation_takes_effect_within_five_minutes(ssm: Ssm) -> None:
    ssm.holds("one")
    ssm.holds("two\none")
    ssm.secrets.get("slack")
    ssm.seconds = KEPT_FOR.total_seconds()
    assert ssm.secrets.get("slack") == "two\none"


def test_a_missing_secret_names_the_parameter_and_the_command_that_creates_it(ssm: Ssm) -> None:
    ssm.fails("ParameterNotFound")
    with pytest.raises(Misconfigured, match=r"aws ssm put-parameter .*--name /nightdesk/prod/slack"):
        ssm.secrets.get("slack")


def test_a_secret_just_created_is_found_at_once(ssm: Ssm) -> None:
    ssm.fails("ParameterNotFound")
    ssm.holds("one")
    with pytest.raises(Misconfigured):
        ssm.secrets.get("slack")
    assert ssm.secrets.get("slack") == "one"


def test_a_secret_known_before_is_used_while_ssm_is_away(ssm: Ssm) -> None:
    """A page must not wait for a secret that was right five minutes ago."""
    ssm.holds("one")
    ssm.fails("ThrottlingException")
    ssm.holds("two")
    ssm.secrets.get("slack")
    ssm.seconds = KEPT_FOR.total_seconds()
    assert ssm.secrets.get("slack") == "one"
    assert ssm.secrets.get("slack") == "two"


def test_a_secret_never_known_is_transient_while_ssm_is_away(ssm: Ssm) -> None:
    ssm.fails("ThrottlingException")
    with pytest.raises(Transient, match="/nightdesk/prod/slack"):
        ssm.secrets.get("slack")


def test_a_missing_permission_is_a_bug_and_not_a_missing_secret(ssm: Ssm) -> None:
    ssm.fails("AccessDeniedException")
    with pytest.raises(ClientError):
        ssm.secrets.get("slack")


def test_no_secret_shows_when_its_keeper_is_printed(ssm: Ssm) -> None:
    ssm.holds("hush-hush")
    ssm.secrets.get("slack")
    assert "hush" not in repr(vars(ssm.secrets))


@pytest.mark.parametrize("value", ["new\nold", "new\r\nold\n", "  new \n\n old  "])
def test_lines_are_a_rotation_with_the_current_secret_first(value: str) -> None:
    secrets = FakeSecrets({"meta": value})
    assert accepted(secrets, "meta") == ("new", "old")
    assert current(secrets, "meta") == "new"


def test_an_empty_secret_is_a_fault_of_its_own() -> None:
    """An empty line would accept a signature made with no secret at all."""
    with pytest.raises(Misconfigured, match="meta is empty"):
        accepted(FakeSecrets({"meta": " \n"}), "meta")


def test_a_secret_may_be_read_anew_and_is_then_remembered(ssm: Ssm) -> None:
    """Another function renewed the token meanwhile."""
    ssm.holds("one")
    ssm.holds("two")
    assert ssm.secrets.get("slack") == "one"
    assert ssm.secrets.anew("slack") == "two"
    assert ssm.secrets.get("slack") == "two"


def test_a_secret_is_kept_encrypted_and_known_at_once(ssm: Ssm) -> None:
    expected = {"Name": "/nightdesk/prod/x", "Value": "new", "Type": "SecureString", "Overwrite": True}
    ssm.stub.add_response("put_parameter", {"Version": 2}, expected)
    ssm.secrets.put("x", "new")
    assert ssm.secrets.get("x") == "new"


def test_a_secret_that_could_not_be_kept_is_not_known(ssm: Ssm) -> None:
    """Whoever uses what was never stored loses it with the process."""
    ssm.stub.add_client_error("put_parameter", "ThrottlingException")
    ssm.holds("old")
    with pytest.raises(Transient, match="keeping the secret"):
        ssm.secrets.put("slack", "new")
    assert ssm.secrets.get("slack") == "old"
