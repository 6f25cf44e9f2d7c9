"""What a person reads when a command cannot go on."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError, NoCredentialsError, NoRegionError

from chalicelib.errors import Misconfigured
from infra.execute import DeployError
from infra.failures import explained, sentence
from tests.architecture.source import ROOT


def test_missing_aws_settings_are_named() -> None:
    """Not botocore's words: the variable to set."""
    assert "AWS_PROFILE" in str(sentence(NoCredentialsError()))
    assert "AWS_DEFAULT_REGION" in str(sentence(NoRegionError()))


def test_credentials_that_aws_refuses_are_told_from_its_other_answers() -> None:
    """Known codes have their own sentence; whatever else AWS says is passed on."""
    expired = ClientError({"Error": {"Code": "ExpiredToken", "Message": "x"}}, "GetCallerIdentity")
    other = ClientError({"Error": {"Code": "AccessDenied", "Message": "no s3:PutObject"}}, "PutObject")
    assert sentence(expired) == "The AWS credentials have expired: sign in again."
    assert "no s3:PutObject" in str(sentence(other))


@pytest.mark.parametrize("error", [DeployError("rolled back"), Misconfigured("rolled back")])
def test_our_own_errors_are_their_sentence(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on standard error, exit status 1, no traceback."""

    def fails(_args: argparse.Namespace) -> int:
        raise error

    assert explained(fails)(argparse.Namespace()) == 1
    assert capsys.readouterr().err == "error: rolled back\n"


def test_a_question_that_nobody_can_answer_is_a_sentence() -> None:
    """As where `texts` or `connect` asks for a secret without a terminal."""
    assert "in a terminal" in str(sentence(EOFError("EOF when reading a line")))


def test_a_bug_keeps_its_traceback() -> None:
    """A sentence would hide where it is."""

    def buggy(_args: argparse.Namespace) -> int:
        return 1 // 0

    with pytest.raises(ZeroDivisionError):
        explained(buggy)(argparse.Namespace())


@pytest.mark.parametrize("days", ["3", "900"])
def test_whoever_reads_may_stop_reading(days: str) -> None:
    """As in `| head -1`: no complaint, whether little or much was left to say."""
    words = ("oncall", "calendar", "--team", "infra/team.toml", "--days", days)
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "infra", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as told:
        assert told.stdout is not None
        assert told.stderr is not None
        told.stdout.close()
        assert told.stderr.read() == b""
