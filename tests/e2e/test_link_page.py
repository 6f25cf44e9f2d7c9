"""The loop by the link of a text message alone: three at night, a phone, no Slack, no JavaScript.

Screenshots of every page, at a phone's width, light and dark, are kept in build/screenshots.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import Select, WebDriverWait

from chalicelib.domain.conversation import State
from chalicelib.domain.items import Happened
from chalicelib.domain.sms_text import SEGMENT, septets
from infra.standin.world import Line
from tests.browser.conftest import CHROMIUM, DRIVER
from tests.e2e.harness.town import PAGE, Town

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
PREVIEWER = {"User-Agent": "WhatsApp/2.23.20.0 A"}
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
ATTACK = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> where is my bag?"
)

Shoot = Callable[[str], None]


@pytest.fixture
def phone() -> Iterator[webdriver.Chrome]:
    """A phone's browser with JavaScript off and nothing in it."""
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("there is no chromium with its chromedriver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
    ):
        options.add_argument(word)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    yield browser
    browser.quit()


@pytest.fixture
def shoot(phone: webdriver.Chrome) -> Shoot:
    """Keep a picture of the page as it is, whole, in both of a phone's looks."""
    SHOTS.mkdir(parents=True, exist_ok=True)

    def taken(name: str) -> None:
        size = phone.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        whole = PHONE | {"height": max(844, int(size["height"]))}
        phone.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", whole)
        for look in ("light", "dark"):
            scheme = {"features": [{"name": "prefers-color-scheme", "value": look}]}
            phone.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
            phone.save_screenshot(str(SHOTS / f"link-{name}-{look}.png"))
        phone.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)

    return taken


@pytest.fixture
def night(town: Town) -> Iterator[Town]:
    """A town whose page can answer, and whose platform's world is empty before and after."""
    name = f"/nightdesk/{town.driver.stack.stage}/accounts/facebook/{PAGE.id}/token"
    put = town.driver.stack.client("ssm").put_parameter
    put(Name=name, Value="page-token", Type="SecureString", Overwrite=True)
    town.standin.world.lines.clear()
    yield town.begin()
    town.standin.world.lines.clear()


def asked(town: Town, text: str, *, at: str = "Sun 02:30") -> str:
    """Let a customer ask on the platform, whose webhook tells us."""
    comment = town.post(text, at=at)
    when = town.when(at).timestamp()
    town.standin.world.lines.append(
        Line("facebook", f"{PAGE.id}_root", comment, "Jo", text, "customer", when)
    )
    return comment


def link_of(town: Town) -> str:
    """Return the link in the last text message, which is one segment."""
    text = town.driver.texts()[-1][1]
    assert septets(text) <= SEGMENT
    found = re.search(r"https?://\S+/l/[A-Za-z0-9]{16}$", text)
    assert found, text
    return found[0]


def press(phone: webdriver.Chrome, words: str) -> None:
    """Press the button with these words; what it lies under is opened first, as a thumb would."""
    for button in phone.find_elements(By.TAG_NAME, "button"):
        if button.get_property("textContent") == words:
            for summary in button.find_elements(By.XPATH, "ancestor::details[not(@open)]/summary"):
                summary.click()
            page = phone.find_element(By.TAG_NAME, "html")
            button.click()
            WebDriverWait(phone, 60).until(staleness_of(page))
            return
    raise AssertionError(f"no button says {words!r}: {seen(phone)}")


def seen(phone: webdriver.Chrome) -> str:
    """Return the words of the page, which may look again by itself while it is read."""
    wait = WebDriverWait(phone, 60, ignored_exceptions=(StaleElementReferenceException,))
    return str(wait.until(lambda there: there.find_element(By.TAG_NAME, "body").text))


def answers_of(town: Town) -> list[str]:
    """Return what stands on the platform from us."""
    return [line.text for line in town.standin.world.lines if line.by != "customer"]


def test_from_a_text_at_three_at_night_to_the_customers_answer_by_the_link_alone(
    night: Town, phone: webdriver.Chrome, shoot: Shoot
) -> None:
    """Open, claim, answer: the customer reads it, and nobody else is woken."""
    comment = asked(night, "My flight to Rome was cancelled, I am stranded at the airport, please help")
    night.advance_to("Sun 03:11").expect("card:#social", "sms:dev")
    phone.get(link_of(night))
    assert "stranded" not in seen(phone)
    shoot("1-door")
    press(phone, "Open it")
    assert "stranded at the airport" in seen(phone)
    assert "You are dev" in seen(phone)
    assert "Why you: " in str(phone.find_element(By.TAG_NAME, "body").get_property("textContent"))
    shoot("2-case")
    press(phone, "Claim it")
    assert "You have it" in seen(phone)
    shoot("3-claimed")
    claim = night.conversation(comment).claim
    assert claim is not None
    assert claim.owner == "dev"
    words = phone.find_element(By.ID, "text")
    words.send_keys("So sorry, Jo! Please send us your booking number and your phone number.")
    press(phone, "Send")
    assert "booking" in seen(phone)
    assert answers_of(night) == []
    shoot("4-think-again")
    words = phone.find_element(By.ID, "text")
    words.clear()
    words.send_keys("So sorry, Jo! You are on the 06:40 now, and a hotel room is booked for you.")
    press(phone, "Send it all the same")
    assert "on its way" in seen(phone)
    shoot("5-on-its-way")
    night.driver.settle()
    WebDriverWait(phone, 60).until(lambda there: "Answered by dev" in seen(there))
    shoot("6-answered")
    assert answers_of(night) == [
        "So sorry, Jo! You are on the 06:40 now, and a hotel room is booked for you."
    ]
    assert night.conversation(comment).state is State.ANSWERED
    assert "dev answered." in night.told(comment, Happened.REPLY)
    night.advance_to("Sun 06:00").expect()


def test_a_previewer_uses_nothing_up_and_a_second_browser_finds_kind_words(
    night: Town, phone: webdriver.Chrome, shoot: Shoot
) -> None:
    """Carriers and messengers fetch links; whoever presses second is told where to look."""
    asked(night, "Where is my refund?")
    night.advance_to("Sun 03:11").expect("card:#social", "sms:dev")
    link = link_of(night)
    for _ in range(3):
        preview = requests.get(link, headers=PREVIEWER, timeout=30)
        assert preview.status_code == 200
        assert "refund" not in preview.text
        assert preview.headers["Cache-Control"] == "no-store"
        assert preview.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in preview.headers["Content-Security-Policy"]
    phone.get(link)
    press(phone, "Open it")
    assert "Where is my refund?" in seen(phone)
    second = requests.post(link, timeout=30)
    assert second.status_code == 404
    assert "used already" in second.text
    assert "refund" not in second.text
    assert requests.get(link, timeout=30).status_code == 404
    phone.delete_all_cookies()
    phone.refresh()
    assert "This page is closed" in seen(phone)
    shoot("7-closed")
    night.post("And mine?", by="Kim", at="Sun 03:12")
    night.accounted = night.received()


def test_a_form_of_anothers_making_is_refused_and_other_conversations_stay_as_they_are(night: Town) -> None:
    """Without our token 403; another conversation's id in the form, or in the address, does nothing."""
    first = asked(night, "Where is my refund?")
    other = asked(night, "Where is my bag?", at="Sun 02:31")
    night.advance_to("Sun 03:11")
    night.accounted = night.received()
    link = link_of(night)
    browser = requests.Session()
    browser.get(link, timeout=30)
    case = browser.post(link, timeout=30)
    assert case.status_code == 200
    csrf, key = (re.findall(f'name="{name}" value="([^"]+)"', case.text)[0] for name in ("csrf", "key"))
    mine, theirs = (night.conversation(each) for each in (first, other))
    if mine.id not in case.url:
        mine, theirs = theirs, mine
    form = {"act": "claim", "key": key, "csrf": csrf}
    for bad in ({}, {"act": "claim", "key": key}, form | {"csrf": "guess"}):
        assert browser.post(case.url, data=bad, timeout=30).status_code == 403
    elsewhere = case.url.replace(mine.id, theirs.id)
    assert browser.post(elsewhere, data=form, timeout=30).status_code == 404
    assert browser.post(case.url, data=form | {"conversation": theirs.id}, timeout=30).status_code == 200
    owners = {c.id: c.claim.owner if c.claim else None for c in map(night.conversation, (first, other))}
    assert owners == {mine.id: "dev", theirs.id: None}
    assert "traceback" not in browser.post(case.url, data=b"\xff\xfe", timeout=30).text.lower()


def test_what_a_customer_writes_is_words_and_a_thumb_closes_it_with_a_reason(
    night: Town, phone: webdriver.Chrome, shoot: Shoot
) -> None:
    """Tags in a post stay text; a reason closes it, and nobody is woken any more."""
    comment = asked(night, ATTACK)
    night.advance_to("Sun 03:11").expect("card:#social", "sms:dev")
    phone.get(link_of(night))
    press(phone, "Open it")
    assert "<script>" in seen(phone)
    assert phone.find_elements(By.CSS_SELECTOR, "main script, section script, section img") == []
    assert "owned" not in phone.title
    shoot("8-attack")
    phone.find_element(By.XPATH, "//summary[contains(., 'close it')]").click()
    Select(phone.find_element(By.ID, "reason")).select_by_value("spam")
    shoot("9-closing")
    press(phone, "Close it")
    assert "Closed: Spam or abuse" in seen(phone)
    night.driver.settle()
    assert night.conversation(comment).state is State.CLOSED
    night.advance_to("Sun 06:00").expect()
