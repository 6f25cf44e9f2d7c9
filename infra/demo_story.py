"""What happens on the demo's Saturday night, act by act, and which alerts it must and must not cause.

It moves people, never Nightdesk: customers write, the brand answers in the platform's own app, staff press
buttons and fill in forms. The times are those of ``infra/demo_team.toml``.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from infra.standin.clicks import buttons
from infra.standin.meta import Brand
from infra.standin.pages import Person
from infra.standin.server import Standin
from infra.standin.world import Line, Said, Text, World

FACEBOOK = Brand("facebook", "1029384756", "Acme Air", "acme-meta", "demo-meta-secret")
INSTAGRAM = Brand("instagram", "17841400000000001", "Acme Air", "acme-meta", "demo-meta-secret")
UK = Brand("facebook", "2046810121", "Acme Air UK", "acme-meta", "demo-meta-secret")
BRANDS = [FACEBOOK, INSTAGRAM, UK]
PEOPLE = [
    Person("Ana", "U01ANA", "+447700900002"),
    Person("Ben", "U01BEN", "+447700900003"),
    Person("Dev", "U01DEV", "+447700900004"),
    Person("Lead", "U01LEAD", "+447700900001"),
]
NIGHT_SECONDS = 108
PATIENCE_SECONDS = 60
CODE = re.compile(r"Reply (C\d+) to claim")
AUTOMATIC_SECONDS = 11
"""A native reply within ten seconds of the post would count as automatic."""

T = TypeVar("T")


@dataclass(frozen=True)
class Alert:
    """Something somebody was told: ``where`` is ``#social``, ``slack:ana`` or ``sms:ana``; ``about`` a customer."""

    where: str
    about: str


EXPECTED = (
    Alert("#social", "Jo Peters"),
    Alert("slack:ana", "Jo Peters"),
    Alert("sms:ana", "Jo Peters"),
    Alert("sms:ben", "Jo Peters"),
    Alert("slack:lead", "Jo Peters"),
    Alert("sms:lead", "Jo Peters"),
    Alert("slack:ana", "Jo Peters"),
    Alert("sms:ana", "Jo Peters"),
    Alert("sms:lead", "Jo Peters"),
    Alert("#social", "Priya Nair"),
    Alert("#social", "Mina Okoye"),
    Alert("slack:dev", "Mina Okoye"),
    Alert("sms:dev", "Mina Okoye"),
)
"""Every alert of the night, and no other: Jo is ignored until the lead acts, the rest are answered in time.

The lead's second text confirms her claim, which she made by texting back.
The channel sees three new messages and no more: a fourth within the minute would make it a summary.
"""

MARKS = {
    "Jo Peters": ("Jo Peters",),
    "Sam Lee": ("Sam Lee",),
    "Lucia Rey": ("Lucia Rey", "lucia.rey"),
    "Tom Hill": ("Tom Hill",),
    "Priya Nair": ("Priya Nair",),
    "Mina Okoye": ("Mina Okoye", "I am stranded", "a customer"),
}
"""By what each customer is known in an alert: Messenger tells us no names."""

SECRET_WORDS = ("7700 900123", "priya.nair@example.org")
"""What Priya writes about herself, which no alert may repeat."""


class StoryError(Exception):
    """The night did not go as told."""


class Night:
    """One Saturday night."""

    def __init__(self, standin: Standin, tell: Callable[[str], None]) -> None:
        self._standin = standin
        self._meta = standin.meta
        self._tell = tell
        self.began = time.time()
        self.statuses: dict[str, int] = {}

    def play(self) -> None:
        """Let it all happen. Raises: StoryError when an act waits for something that never comes."""
        self.began = time.time()
        jo = self._write(
            FACEBOOK, "Jo Peters", "My flight was cancelled and nobody answers. Where is my refund?", 71
        )
        self._tell("The same delivery arrives again, as Meta does when in doubt")
        self.statuses["again"] = self._meta.again(FACEBOOK, jo)
        self._tell("Somebody forges a delivery: its signature is wrong")
        self.statuses["forged"] = self._meta.forged(FACEBOOK, "Acme Air gives away free flights, click here")
        self._write(FACEBOOK, "Sam Lee", "Best crew ever, thank you so much! You made our honeymoon ❤️", 72)
        lucia = self._write(INSTAGRAM, "Lucia Rey", "¿Dónde está mi maleta? Llevo tres días esperando.", 81)
        tom = self._write(FACEBOOK, "Tom Hill", "Why is my bag still in Madrid??", 73)
        self._until(4)
        self._tell("Tom Hill deletes his comment: nobody needs to be woken for it")
        self._meta.remove(FACEBOOK, tom)
        words = "Nobody calls me back! Ring me on +44 7700 900123 or write to priya.nair@example.org"
        priya = self._write(UK, "Priya Nair", words, 74)
        self._until(13)
        self._answer(INSTAGRAM, lucia, "Hola Lucia, tu maleta llega mañana a las 9.")
        self._claimable("#social", "Priya Nair")
        self._answer(UK, priya, "We are calling you right now, Priya.")
        self._race(
            self._message(FACEBOOK, "Mina Okoye", "I am stranded at Gatwick with a baby, please help!")
        )
        self._ignored(jo)

    def _race(self, mina: Line) -> None:
        """Two people press Claim in the same moment: one has it, the other hears who."""
        card = self._claimable("#social", "Mina Okoye")
        self._await(
            lambda: {Alert("sms:dev", "Mina Okoye"), Alert("slack:dev", "Mina Okoye")} <= {*self.alerts()}
        )
        self._tell("Dev and Ben press Claim on Mina's message in the same moment")
        pressing = [
            threading.Thread(target=self._press, args=(who, card, "claim")) for who in ("U01DEV", "U01BEN")
        ]
        for thread in pressing:
            thread.start()
        for thread in pressing:
            thread.join()
        time.sleep(max(0.0, mina.at + AUTOMATIC_SECONDS - time.time()))
        self._answer(FACEBOOK, mina, "A colleague is on her way to you with food and a hotel voucher.")

    def _ignored(self, jo: Line) -> None:
        """Nobody reacts to Jo, step after step, until the promise is broken and the lead acts."""
        page = self._await(lambda: self._texted("Lead", "Jo Peters"), "a text to the lead")
        self._await(lambda: self.alerts().count(Alert("sms:ana", "Jo Peters")) > 1)
        self._until(68)
        self._tell("The lead texts back to claim Jo's post")
        self._text_back(page)
        self._until(74)
        self._reply("U01LEAD", jo, "So sorry, Jo. Your refund is on its way, and we owe you an apology.")
        self._tell("Jo reads the answer in her own thread: from here on nobody may be paged")
        self._until(NIGHT_SECONDS)

    def _write(self, brand: Brand, author: str, text: str, post: int) -> Line:
        self._tell(f"{author} comments on {brand.platform.capitalize()}")
        line, status = self._meta.comment(brand, f"{brand.id}_{post}", author, text)
        self.statuses[author] = status
        return line

    def _message(self, brand: Brand, author: str, text: str) -> Line:
        self._tell(f"{author} writes a private message")
        line, status = self._meta.message(brand, author, text)
        self.statuses[author] = status
        return line

    def _answer(self, brand: Brand, to: Line, text: str) -> None:
        self._tell(f"Somebody answers {to.author} in {brand.platform.capitalize()}'s own app")
        self._meta.native_reply(brand, to, text)

    def _reply(self, user: str, to: Line, text: str) -> None:
        """Answer from the card in Slack, and wait until the customer's thread holds it. Raises: StoryError."""
        self._tell(f"The lead presses Reply on {to.author}'s card, and answers in the form")
        card = self._await(lambda: next(self._offers("#social", to.author, "reply"), None), "a Reply button")
        self._press(user, card, "reply")
        self._await(lambda: self._standin.slack.views.of(user), "the form to answer")
        self.statuses[f"{user} answers"] = self._standin.forms.submit(user, {"text": text})
        self._await(lambda: answered(self._standin.world, to), "the answer in the customer's thread")

    def _press(self, user: str, said: Said, action: str) -> None:
        self.statuses[f"{user} presses {action}"] = self._standin.clicks.press(user, said, action)

    def _texted(self, name: str, whom: str) -> Text | None:
        """Return the text that asks somebody to claim a customer's post, once it came."""
        phone = next(person.phone for person in PEOPLE if person.name == name)
        mine = (
            text for text in self._standin.world.texts if text.phone == phone and about(text.text) == whom
        )
        return next((text for text in mine if CODE.search(text.text)), None)

    def _text_back(self, page: Text) -> None:
        """Reply to a text with the code that it names."""
        code = CODE.search(page.text)
        status = self._standin.twilio.text(page.phone, code[1] if code else "ok")
        self.statuses[f"{page.phone} texts back"] = status

    def _claimable(self, where: str, whom: str) -> Said:
        """Wait for a message with a Claim button. Raises: StoryError."""
        return self._await(
            lambda: next(self._offers(where, whom, "claim"), None), f"a Claim button for {whom} at {where}"
        )

    def _offers(self, where: str, whom: str, action: str) -> Iterator[Said]:
        for said in self._standin.world.said:
            offered = any(button["action_id"] == action for button in buttons(said))
            if offered and self.where(said) == where and about(said.text) == whom:
                yield said

    def _await(self, look: Callable[[], T | None], what: str = "an alert") -> T:
        """Wait until ``look`` finds something. Raises: StoryError."""
        until = time.time() + PATIENCE_SECONDS
        while time.time() < until:
            if found := look():
                return found
            time.sleep(0.1)
        raise StoryError(f"{what} did not come within {PATIENCE_SECONDS} s")

    def where(self, said: Said) -> str:
        """Return where a Slack message stands."""
        return place(self._standin, said)

    def alerts(self) -> list[Alert]:
        """Return every alert that reached somebody, edits and private answers to presses apart."""
        world = self._standin.world
        slack = [Alert(self.where(said), about(said.text)) for said in world.said if said.only_for is None]
        texts = [Alert(f"sms:{_owner(text.phone)}", about(text.text)) for text in world.texts]
        return slack + texts

    def _until(self, second: float) -> None:
        time.sleep(max(0.0, self.began + second - time.time()))


def answered(world: World, post: Line) -> bool:
    """Tell whether a customer's thread holds an answer given through Nightdesk."""
    return any(line.by == "nightdesk" and line.thread == post.thread for line in world.lines)


def place(standin: Standin, said: Said) -> str:
    """Return where a Slack message stands: ``#social``, or ``slack:`` and whom it was sent to."""
    name = standin.slack.name_of(said.channel)
    return f"slack:{_person(name[1:])}" if name.startswith("@") else name


def _person(member: str) -> str:
    return next((person.name.lower() for person in PEOPLE if person.slack == member), member)


def _owner(phone: str) -> str:
    return next((person.name.lower() for person in PEOPLE if person.phone == phone), phone)


def about(text: str) -> str:
    """Return which customer a text speaks of: by name, handle or the first words of what they wrote."""
    return next(
        (name for name, marks in MARKS.items() if any(mark in text for mark in marks)), f"? {text[:60]}"
    )
