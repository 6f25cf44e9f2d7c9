"""What is said about ourselves: lines that alarms can find, and never a person's words."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib import observability
from chalicelib.observability import (
    NAMESPACE,
    OVERDUE_UNFIRED,
    SWEEP_BUDGET_SPENT,
    TICK_HEARTBEAT,
    EmfMeter,
    JsonLog,
    Masked,
    service_name,
)

TEMPLATE = Path(__file__).parents[3] / "infra" / "template.json"


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_count_is_one_line_that_cloudwatch_sums_by_service(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMeter("nightdesk-prod").count(TICK_HEARTBEAT)
    (line,) = said(capsys)
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == NAMESPACE
    assert metrics["Dimensions"] == [["service"]]
    assert (line["service"], line[TICK_HEARTBEAT]) == ("nightdesk-prod", [1.0])


def test_dimensions_add_a_sum_and_take_none_away(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMeter("nightdesk-prod").count("Posts", 3, platform="facebook")
    EmfMeter("nightdesk-prod").count("Posts")
    first, second = said(capsys)
    assert first["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"], ["service", "platform"]]
    assert (first["platform"], first["Posts"]) == ("facebook", [3.0])
    assert "platform" not in second


def test_the_alarms_of_the_template_listen_to_names_that_are_said() -> None:
    resources = json.loads(TEMPLATE.read_text())["Resources"].values()
    alarms = [one["Properties"] for one in resources if one.get("Type") == "AWS::CloudWatch::Alarm"]
    ours = [alarm for alarm in alarms if alarm.get("Namespace") == NAMESPACE]
    assert {alarm["MetricName"] for alarm in ours} == {TICK_HEARTBEAT, OVERDUE_UNFIRED, SWEEP_BUDGET_SPENT}
    for alarm in ours:
        assert alarm["Dimensions"] == [{"Name": "service", "Value": {"Fn::Sub": service_name("${Stage}")}}]


def test_a_line_carries_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    JsonLog("nightdesk-said").warning("will come back", conversation="c1", why="throttled")
    (line,) = said(capsys)
    assert (line["level"], line["message"], line["service"]) == (
        "WARNING",
        "will come back",
        "nightdesk-said",
    )
    assert (line["conversation"], line["why"]) == ("c1", "throttled")


@pytest.mark.parametrize("key", sorted(observability.WITHHELD))
def test_nothing_said_of_a_person_or_a_secret_is_written(
    key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    JsonLog(f"nightdesk-withheld-{key}").info("said", **{key: "Jo Peters"})
    (line,) = said(capsys)
    assert "(withheld)" in line.values()
    assert "Jo Peters" not in json.dumps(line)


def test_a_fact_may_have_a_name_that_logging_keeps_for_itself(capsys: pytest.CaptureFixture[str]) -> None:
    JsonLog("nightdesk-taken").info("said", message="m1", args="a1")
    (line,) = said(capsys)
    assert (line["message"], line["message_"], line["args_"]) == ("said", "m1", "a1")


def test_a_bug_is_written_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        JsonLog("nightdesk-bug").exception("a bug")
    (line,) = said(capsys)
    assert line["level"] == "ERROR"
    assert "ZeroDivisionError" in line["exception"]


PRIVATE = "jo@example.com, +44 7700 900123, card 4111 1111 1111 1111"


def test_what_an_error_quotes_of_a_customer_is_masked(capsys: pytest.CaptureFixture[str]) -> None:
    """A provider may repeat what was sent to it: neither the reason nor a traceback says it again."""
    log = JsonLog("nightdesk-masked")
    log.warning("will come back", why=f"refused: {PRIVATE}", conversation="3c9ad3472263074ca0e8")
    try:
        raise ValueError(PRIVATE)  # noqa: TRY301 - what a provider may answer
    except ValueError:
        log.exception("a bug")
    written = capsys.readouterr().out
    assert "3c9ad3472263074ca0e8" in written
    assert "ValueError" in written
    for piece in ("jo@example.com", "900123", "4111 1111"):
        assert piece not in written


def test_a_traceback_that_somebody_elses_logger_writes_is_masked_too() -> None:
    """Chalice logs what a route raises by a logger of its own."""
    written = io.StringIO()
    logger = logging.getLogger("theirs")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(logging.StreamHandler(written))
    logger.addFilter(Masked())
    try:
        raise ValueError(PRIVATE)  # noqa: TRY301 - what a bug may quote
    except ValueError:
        logger.exception("Caught exception for a view")
    logger.info("said in passing")
    assert "ValueError" in written.getvalue()
    assert "Traceback" in written.getvalue()
    for piece in ("jo@example.com", "900123", "4111 1111"):
        assert piece not in written.getvalue()


def test_importing_the_names_imports_no_powertools() -> None:
    code = "import sys, chalicelib.observability; print('aws_lambda_powertools' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert answer.stdout.strip() == "False"


def test_a_metric_is_named_once() -> None:
    names = re.findall(r'^([A-Z_]+): Final = "(\w+)"', Path(observability.__file__).read_text(), re.MULTILINE)
    values = [value for _, value in names]
    assert len(values) == len(set(values))
