"""A town on the deployed stack: customers post, people are paged, and the clock moves only when told.

A story says what happens and names every message that reaches a person; any other message fails it. Deliveries
are signed and go in by the public address; Slack is the stand-in, phones are the emulator's.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.conversation import Conversation
from chalicelib.domain.items import Happened, StoredPost, TimelineRow
from chalicelib.settings import SmsProvider, read_settings
from chalicelib.wiring import Container
from infra.standin.meta import Brand
from infra.standin.server import Standin
from infra.standin.sms_voice_api import SmsVoiceApi
from infra.standin.twilio_api import TOKEN, TwilioApi
from infra.standin.world import Said
from tests.e2e.harness.driver import Driver

APP = "acme-meta"
APP_SECRET = "the-app-secret"
SIGNING_SECRET = "the-signing-secret"
PAGE = Brand("facebook", "1029384756", "Acme Air", APP, APP_SECRET)
GRAM = Brand("instagram", "17841400000000001", "acmeair", APP, APP_SECRET)
PHONES = {"dev": "+447700900004", "ana": "+447700900001", "lead": "+447700900009"}
MEMBERS = {"ana": "U01", "ben": "U02", "dev": "U04", "lead": "U09"}

LADDER = (
    '[[escalation.default]]\nat = "-60%"\ntell = ["#social"]',
    '[[escalation.default]]\nat = "-33%"\npage = ["primary"]',
    '[[escalation.default]]\nat = "0"\npage = ["primary", "backup"]',
    '[[escalation.default]]\nat = "+5m"\npage = ["lead"]\nrepeat = "10m"',
)

TEAM = """
brand = "Acme Air"
sample = 0
[accounts.acme-fb]
platform = "facebook"
id = "1029384756"
app = "acme-meta"
team = "care"
automations = ["Thanks for your message! We are away"]
[accounts.acme-ig]
platform = "instagram"
id = "17841400000000001"
app = "acme-meta"
team = "care"
[teams.care]
channel = "#social"
tz = "UTC"
[[policies]]
first = "60m"
next = "60m"
escalation = "default"
LADDER
[people.dev]
phone = "+447700900004"
slack = "U04"
reach = ["sms"]
[people.ana]
phone = "+447700900001"
slack = "U01"
reach = ["sms"]
[people.ben]
slack = "U02"
reach = ["slack"]
[people.lead]
phone = "+447700900009"
slack = "U09"
email = "lead@example.com"
reach = ["sms"]
[schedules.primary]
tz = "UTC"
fallback = "lead"
[[schedules.primary.layers]]
name = "days"
rotate = ["ana"]
every = "1 week"
start = "2027-01-04 09:00"
[[schedules.primary.layers]]
name = "nights"
when = "daily 18:00-09:00"
rotate = ["dev"]
every = "1 week"
start = "2027-01-04 18:00"
[schedules.backup]
tz = "UTC"
fallback = "lead"
[[schedules.backup.layers]]
name = "always"
rotate = ["ben"]
every = "1 week"
start = "2027-01-04 09:00"
"""

_SUNDAY = datetime(2027, 1, 10, tzinfo=UTC)
_STORIES = itertools.count()
"""Each story has a week of its own: what a warm function remembers by the clock is then stale for it."""


@dataclass
class Town:
    """One story."""

    driver: Driver
    standin: Standin
    environment: dict[str, str]
    sunday: datetime = field(default_factory=lambda: _SUNDAY + timedelta(weeks=next(_STORIES)))
    accounted: Counter[str] = field(default_factory=Counter)
    _ids: Any = field(default_factory=lambda: itertools.count(1))
    _seen_said: int = 0
    _seen_texts: int = 0

    def begin(self, at: str = "Sun 00:00", ladder: Sequence[str] = LADDER, team: str = TEAM) -> Town:
        """Empty the stack, set the clock and put the team file in force."""
        self._seen_said = len(self.standin.world.said)
        self._seen_texts = len(self.standin.world.texts)
        self.driver.now = self.when(at)
        self.driver.wipe()
        self.box = Container(read_settings(self.environment))
        return self.configure(ladder, team)

    def configure(self, ladder: Sequence[str] = LADDER, team: str = TEAM) -> Town:
        """Put a team file in force."""
        text = team.replace("LADDER", "\n".join(ladder))
        self.box.teams.activate(self.box.teams.propose(text, {}, by="the story"))
        self.driver.settle()
        return self

    # --- time -----------------------------------------------------------------------------------------

    def when(self, words: str) -> datetime:
        """Read ``Sun 02:00`` as an instant of the story's week, which begins on Sunday."""
        day, clock = words.split()
        hours, minutes = clock.split(":")
        days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].index(day)
        return self.sunday + timedelta(days=days, hours=int(hours), minutes=float(minutes))

    def advance_to(self, words: str) -> Town:
        """Let time pass, stopping wherever something falls due."""
        self.driver.advance_to(self.when(words))
        return self

    # --- what customers and the brand do ----------------------------------------------------------------

    def post(self, text: str, *, by: str = "Jo", at: str, wait: bool = True) -> str:
        """Let a customer comment under a post of the page; returns the comment's id."""
        comment = f"{PAGE.id}_{next(self._ids)}"
        self._arrive(at)
        assert self.deliver(self.comment(comment, text, by=by, at=at)) == 200
        if wait:
            self.driver.settle()
        return comment

    def reply_natively(self, to: str, text: str, *, at: str) -> str:
        """Let the brand answer a comment in the platform's own app."""
        comment = f"{PAGE.id}_{next(self._ids)}"
        self._arrive(at)
        assert self.deliver(self.comment(comment, text, by=None, at=at, parent=to)) == 200
        self.driver.settle()
        return comment

    def take_back(self, comment: str, *, at: str) -> None:
        """Let a customer delete their comment."""
        self._arrive(at)
        assert self.deliver(self.comment(comment, "", by="Jo", at=at, verb="remove")) == 200
        self.driver.settle()

    def comment(
        self,
        comment: str,
        text: str,
        *,
        by: str | None,
        at: str,
        parent: str | None = None,
        verb: str = "add",
    ) -> dict[str, Any]:
        """Return a feed change as Meta sends it; ``by`` None is the page itself."""
        author = {"id": PAGE.id, "name": PAGE.name} if by is None else {"id": f"{by}-id", "name": by}
        value = {
            "item": "comment",
            "verb": verb,
            "from": author,
            "post_id": f"{PAGE.id}_root",
            "comment_id": comment,
            "parent_id": parent or f"{PAGE.id}_root",
            "created_time": int(self.when(at).timestamp()),
            "message": text,
        }
        change = {"field": "feed", "value": value}
        return {
            "object": "page",
            "entry": [{"id": PAGE.id, "time": value["created_time"], "changes": [change]}],
        }

    def message(self, text: str, *, by: str = "Jo", at: str, brand: Brand = PAGE) -> str:
        """Let a customer send a direct message; returns its id."""
        mid = f"m_{next(self._ids)}"
        self._arrive(at)
        assert (
            self.deliver(self._dm(brand, f"{by}-id", brand.id, at, {"mid": mid, "text": text}), brand) == 200
        )
        self.driver.settle()
        return mid

    def echo(self, text: str, *, to: str = "Jo", at: str, app_id: int = 263902037430900) -> None:
        """Let the brand answer a direct message in Meta's own inbox, or by the app of that id."""
        message = {"mid": f"m_{next(self._ids)}", "text": text, "is_echo": True, "app_id": app_id}
        self._arrive(at)
        assert self.deliver(self._dm(PAGE, PAGE.id, f"{to}-id", at, message)) == 200
        self.driver.settle()

    def _dm(self, brand: Brand, sender: str, to: str, at: str, message: dict[str, Any]) -> dict[str, Any]:
        stamp = int(self.when(at).timestamp() * 1000)
        event = {"sender": {"id": sender}, "recipient": {"id": to}, "timestamp": stamp, "message": message}
        kind = "page" if brand.platform == "facebook" else "instagram"
        return {"object": kind, "entry": [{"id": brand.id, "time": stamp, "messaging": [event]}]}

    def deliver(self, payload: dict[str, Any], brand: Brand = PAGE, *, secret: str | None = None) -> int:
        """Sign a payload and deliver it now; returns the answer's status."""
        return self.standin.meta.deliver(brand, payload, secret=secret)

    def _arrive(self, at: str) -> None:
        instant = self.when(at)
        if instant > self.driver.now:
            self.driver.advance_to(instant)

    # --- what people do -----------------------------------------------------------------------------------

    def press(self, action: str, *, by: str, on: Said | None = None) -> int:
        """Press a button of the latest card as somebody; returns the status Slack gets."""
        status = self.standin.clicks.press(MEMBERS[by], on or self.card(), action)
        self.driver.settle()
        return status

    def text(self, words: str, *, by: str, at: str, times: int = 1) -> None:
        """Let a phone text us back, by whoever carries its texts; ``times``: how often that is delivered."""
        self._arrive(at)
        sid = f"SM{next(self._ids):032x}"
        phone = PHONES.get(by, by)
        statuses = [self.carrier.text(phone, words, sid=sid) for _ in range(times)]
        assert statuses == [200] * times
        self.driver.settle()

    @property
    def carrier(self) -> TwilioApi | SmsVoiceApi:
        """Return whoever carries this stage's texts, beside SNS, which nobody can answer."""
        by_aws = self.environment["SMS_PROVIDER"] == SmsProvider.END_USER_MESSAGING
        return self.standin.voice if by_aws else self.standin.twilio

    def card(self, channel: str = "#social") -> Said:
        """Return the latest card of a channel as it looks now."""
        name = self.standin.slack.channel_id(channel)
        cards = [said for said in self.standin.world.said if said.channel == name and not said.only_for]
        assert cards, f"nothing was ever shown in {channel}"
        return cards[-1]

    # --- what reached people ------------------------------------------------------------------------------

    def expect(self, *messages: str) -> Town:
        """Demand that exactly these reached people since last asked: ``sms:dev``, ``slack:ben``, ``card:#social``."""
        now = self.received()
        arrived, self.accounted = now - self.accounted, now
        wanted = Counter(messages)
        assert arrived == wanted, f"missing {dict(wanted - arrived)}, unexpected {dict(arrived - wanted)}"
        return self

    def received(self) -> Counter[str]:
        """Count everything that reached people in this story."""
        names = {phone: name for name, phone in PHONES.items()}
        texts = [f"sms:{names[phone]}" for phone, _ in self.texts()]
        return Counter(texts + [self._label(said) for said in self.standin.world.said[self._seen_said :]])

    def texts(self) -> list[tuple[str, str]]:
        """Return this story's texts as (phone, words), by whichever carrier, those of one phone oldest first."""
        carried = self.standin.world.texts[self._seen_texts :]
        return [*self.driver.texts(), *((text.phone, text.text) for text in carried)]

    def texts_to(self, person: str) -> list[str]:
        """Return the words that reached one phone, oldest first."""
        return [words for phone, words in self.texts() if phone == PHONES[person]]

    def _label(self, said: Said) -> str:
        people = {member: name for name, member in MEMBERS.items()}
        if said.only_for:
            return f"whisper:{people[said.only_for]}"
        place = self.standin.slack.name_of(said.channel)
        return f"slack:{people[place[1:]]}" if place.startswith("@") else f"card:{place}"

    def whispered(self) -> str:
        """Return the last thing that one person alone was told."""
        return next(said.text for said in reversed(self.standin.world.said) if said.only_for)

    # --- what the table holds -----------------------------------------------------------------------------

    def conversation(self, comment: str, brand: Brand = PAGE) -> Conversation:
        """Return the conversation a post is part of."""
        post = self.stored(comment, brand)
        assert post is not None, f"{comment} is not in the table"
        assert post.conversation_id is not None, f"{comment} belongs to no conversation"
        found = self.box.store.get(Conversation, post.conversation_id)
        assert found is not None
        return found

    def stored(self, comment: str, brand: Brand = PAGE) -> StoredPost | None:
        """Return a post's row."""
        return self.box.store.get(StoredPost, brand.platform, brand.id, comment)

    def told(self, comment: str, kind: Happened) -> list[str]:
        """Return what the timeline says of one kind, oldest first."""
        rows = self.box.store.children(TimelineRow, self.conversation(comment).id)
        return [row.words for row in rows if row.kind is kind]

    def end(self) -> None:
        """Demand that nothing more reached anybody, nothing was refused and nothing was given up."""
        self.expect()
        assert self.standin.world.complaints == [], self.standin.world.complaints
        assert self.driver.dead_letters() == {}


def stage_environment(driver: Driver) -> dict[str, str]:
    """Return what the deployed functions run with, read from one of them."""
    found = driver.stack.client("lambda").get_function_configuration(
        FunctionName=f"nightdesk-{driver.stack.stage}-api"
    )
    return dict(found["Environment"]["Variables"])


def store_secrets(put: Callable[..., Any], stage: str) -> None:
    """Store what a stage needs to know: one app's secret and token, and Slack's two."""
    known = {
        f"apps/facebook/{APP}/secret": APP_SECRET,
        f"apps/facebook/{APP}/verify_token": "the-verify-token",
        f"apps/instagram/{APP}/secret": f"{APP_SECRET}\nan-older-secret",
        f"apps/instagram/{APP}/verify_token": "the-verify-token",
        "slack/bot_token": "xoxb-local",
        "slack/signing_secret": SIGNING_SECRET,
        "twilio/auth_token": TOKEN,
    }
    for name, value in known.items():
        put(Name=f"/nightdesk/{stage}/{name}", Value=value, Type="SecureString", Overwrite=True)
