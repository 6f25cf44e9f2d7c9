"""The stand-in's page in a real browser: it shows what happens by itself, and its buttons press."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from chalicelib.notifiers.slack.client import SlackSender
from infra.standin.server import Standin
from infra.standin.world import Text
from tests.standin.conftest import PAGE, Deployed, deployed, standin
from tests.unit.notifiers.views import a_view

__all__ = ["deployed", "standin"]


def alert(standin: Standin, **changes: object) -> None:
    sender = SlackSender(token=lambda: "xoxb-test", api_url=standin.slack_api_url)
    sender.post(channel="#social", view=a_view(**changes), key="k1")


def pressed_by(deployed: Deployed) -> str:
    [(_, _, body)] = deployed.got
    return str(json.loads(parse_qs(body.decode())["payload"][0])["user"]["id"])


def test_what_happens_appears_without_anybody_reloading(
    standin: Standin, chromium: webdriver.Chrome, tmp_path: Path
) -> None:
    chromium.get(f"{standin.url}/?me=U02")
    assert "Nothing yet." in chromium.page_source
    alert(standin)
    WebDriverWait(chromium, 5).until(lambda page: "Where is my order?" in page.page_source)
    chromium.save_screenshot(str(tmp_path / "page.png"))


def test_the_chosen_person_presses_the_button(
    standin: Standin, deployed: Deployed, chromium: webdriver.Chrome
) -> None:
    alert(standin)
    chromium.get(f"{standin.url}/?me=U02")
    chromium.find_element(By.CSS_SELECTOR, "button[value=claim]").click()
    WebDriverWait(chromium, 5).until(lambda _: deployed.got)
    assert pressed_by(deployed) == "U02"


def test_it_works_without_javascript(
    standin: Standin, deployed: Deployed, chromium: webdriver.Chrome
) -> None:
    alert(standin)
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        chromium.get(f"{standin.url}/?me=U01")
        chromium.find_element(By.CSS_SELECTOR, "button[value=claim]").click()
        WebDriverWait(chromium, 5).until(lambda _: deployed.got)
    finally:
        chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert pressed_by(deployed) == "U01"


@pytest.mark.parametrize("width", [360, 768, 1400])
def test_nothing_runs_out_of_the_screen_whatever_a_customer_writes(
    standin: Standin, chromium: webdriver.Chrome, width: int
) -> None:
    standin.meta.comment(PAGE, "1029384756_77", "Jo" * 40, "W" * 300)
    alert(standin, quote="x" * 500, handle="y" * 200)
    chromium.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    chromium.get(standin.url)
    assert chromium.execute_script("return document.documentElement.scrollWidth") <= width


def test_a_customers_markup_is_words_to_the_browser_too(standin: Standin, chromium: webdriver.Chrome) -> None:
    words = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    standin.meta.comment(PAGE, "1029384756_77", words, words)
    alert(standin, quote=words, handle=words, permalink="javascript:document.title='owned'")
    chromium.get(standin.url)
    assert chromium.title == "Nightdesk: Saturday night"
    assert words in chromium.find_element(By.TAG_NAME, "main").text


def test_a_text_is_answered_on_the_phone_it_came_to(
    standin: Standin, deployed: Deployed, chromium: webdriver.Chrome, tmp_path: Path
) -> None:
    """Typed on a narrow screen, sent by its button, and shown where the phone's owner would see it."""
    phone = "+447700900001"
    standin.world.add(
        "sms", Text(phone, "Acme Air: answer by 03:00. Reply C1 to claim.", time.time(), "twilio")
    )
    chromium.get(standin.url)
    box = chromium.find_element(By.CSS_SELECTOR, ".phone input[name=text]")
    box.send_keys("C1")
    chromium.find_element(By.CSS_SELECTOR, ".phone button").click()
    WebDriverWait(chromium, 5).until(lambda _: deployed.got)
    [(path, _, body)] = deployed.got
    said = parse_qs(body.decode())
    assert (path, said["From"], said["Body"]) == ("/api/sms/twilio", [phone], ["C1"])
    WebDriverWait(chromium, 5).until(lambda page: page.find_elements(By.CSS_SELECTOR, ".sms.typed"))
    chromium.save_screenshot(str(tmp_path / "answered.png"))
