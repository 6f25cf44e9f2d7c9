"""The shared vectors of escalation, flood control and text messages, each row mapped onto our town or refused.

Rows of other systems' models that a rule of docs/pager.md overrules are listed by id, with the rule.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.escalation_ladder import next_due_at
from chalicelib.domain.pager_rows import DigestMember
from chalicelib.domain.sms_text import (
    ClaimCode,
    opt_keyword,
    parse_reply,
    render_sms,
    septets,
    to_gsm7,
)
from chalicelib.domain.team import Channel, Contact, Offset, Person, Schedule, Step
from chalicelib.domain.teamfile.schedules import read_instant
from chalicelib.errors import Conflict, Permanent
from chalicelib.services.pager import sms_replies_of
from chalicelib.services.ports import Hand, Put, Ref, Wake
from tests.builders import NIGHT, a_schedule, a_team, minutes
from tests.shared import needs_shared
from tests.shared_vectors.oncall_rows import Row, cases, of_kind, rows
from tests.unit.pager.test_sms_text import VIEW
from tests.unit.pager.town import Town

pytestmark = needs_shared

LATER = timedelta(days=3650)


# --- step offsets as proposed scenarios ------------------------------------------------------------------

SCENARIOS_OVERRULED = {
    "deadline_steps-019": "a schedule always names exactly one person: at step 2 its fallback is paged beside backup",
}


def offset(words: str) -> Offset:
    """Read ``-50%``, ``-30m``, ``+15m`` or ``0``."""
    if words.endswith("%"):
        return Offset(remaining=-float(words[:-1]) / 100)
    return Offset(delta=minutes(float(words.rstrip("m"))))


def scenario_step(row: dict[str, Any]) -> Step:
    targets = [target.split(":", 1) for target in row["notify"]]
    repeat = minutes(float(row["repeat"].rstrip("m"))) if "repeat" in row else None
    return Step(
        offset(row["at"]),
        tell=tuple(name for kind, name in targets if kind == "slack"),
        page=tuple(name for kind, name in targets if kind != "slack"),
        repeat=repeat,
    )


def on_slack(name: str) -> Person:
    return Person(name, "+447700900000", f"U{name.upper()}", reach=(Contact(Channel.SLACK),))


def scenario_town(row: Row) -> Town:
    post = row["post"]
    primary, backup = post.get("primary", "primary"), post.get("backup", "backup")
    names = {primary, backup, "lead", post.get("primary_before", primary), post.get("primary_after", primary)}
    schedules = {"primary": a_schedule("primary", primary), "backup": a_schedule("backup", backup)}
    if "handoff_min" in post:
        before, after = post["primary_before"], post["primary_after"]
        handoff = NIGHT + minutes(post["handoff_min"] - post["received_min"])
        turns = a_schedule("primary", before, after).layers[0]
        start = (handoff - timedelta(days=7)).replace(tzinfo=None)
        layer = replace(turns, every="1 week", start=f"{start:%Y-%m-%d %H:%M}")
        schedules["primary"] = Schedule("primary", "UTC", "lead", (layer,))
    steps = tuple(scenario_step(step) for step in row["policy"]["steps"])
    # The people of both schedules may also be targets by name, so the schedules go by other names.
    steps = tuple(replace(s, page=tuple(f"on-{t}" if t in schedules else t for t in s.page)) for s in steps)
    schedules = {f"on-{name}": replace(s, name=f"on-{name}") for name, s in schedules.items()}
    people = {name: on_slack(name) for name in names}
    return Town(a_team(escalation={"default": steps}, people=people, schedules=schedules))


class Scenario:
    """Plays one proposed scenario; minutes are relative to the deadline."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.town = scenario_town(row)
        received, deadline = row["post"]["received_min"], row["post"]["deadline_min"]
        self.zero = -received
        self.case = self.town.post(target=minutes(deadline - received))
        self.replies: list[dict[str, Any]] = []

    def play(self) -> list[dict[str, Any]]:
        for event in self.row["events"]:
            getattr(self, f"on_{event['event']}", self.on_claim)(event)
        self.town.advance_to(self.zero + self.row["expect"]["until_min"])
        return self.heard()

    def until(self, event: dict[str, Any]) -> None:
        self.town.advance_to(self.zero + event["t_min"])

    def on_claim(self, event: dict[str, Any]) -> None:
        self.until(event)
        reply = {"t_min": event["t_min"], "to": event["by"]}
        try:
            self.town.claim(self.case, event["by"])
            self.replies.append({**reply, "result": "claimed"})
        except Conflict as taken:
            self.replies.append({**reply, "result": "already_claimed", "owner": taken.holder})
        if self.row["policy"]["claim_expires"] is None:
            row = self.town.conversation(self.case)
            assert row.claim is not None
            lasting = replace(row, claim=replace(row.claim, until=NIGHT + LATER), rev=row.rev + 1)
            self.town.saving.commit(Put(self.settled(lasting)))

    def on_responded(self, event: dict[str, Any]) -> None:
        self.until(event)
        self.town.answer(self.case)

    def on_reassign(self, event: dict[str, Any]) -> None:
        self.until(event)
        self.town.claims.reassign(self.case, to=event["to"], by="primary", at=self.town.clock.now())

    def on_engine_down(self, event: dict[str, Any]) -> None:
        self.until(event)

    def on_engine_up(self, event: dict[str, Any]) -> None:
        self.town.clock.set(NIGHT + minutes(self.zero + event["t_min"]))
        self.town.tick.run()
        self.town.work()

    def on_set_deadline(self, event: dict[str, Any]) -> None:
        self.until(event)
        row = self.town.conversation(self.case)
        moved = replace(row, deadline_at=NIGHT + minutes(self.zero + event["deadline_min"]), rev=row.rev + 1)
        self.town.saving.commit(Put(self.settled(moved)))

    def on_tick(self, event: dict[str, Any]) -> None:
        self.until(event)
        self.town.tick.run()
        self.town.deliver(Wake(Ref("Conversation", (self.case,)), self.town.clock.now()))

    def settled(self, row: Any) -> Any:
        return replace(row, next_due_at=next_due_at(row, self.town.world.team.current()))

    def heard(self) -> list[dict[str, Any]]:
        town, found = self.town, []
        rows = [(r, dict(r.facts)) for r in _timeline(town, self.case)]
        for page in town.pages(self.case):
            if page.sent_at is not None:
                t_min = (page.sent_at - NIGHT) / minutes(1) - self.zero
                found.append((t_min, page.person, page.step))
        tells = [r for r, _ in rows if r.kind == "tell"]
        found += [((r.at - NIGHT) / minutes(1) - self.zero, "#social", "0") for r in tells]
        return [{"t_min": t, "to": to, "step": int(s) if s.isdigit() else s} for t, to, s in sorted(found)]


def _timeline(town: Town, case: str) -> list[Any]:
    from chalicelib.domain.items import TimelineRow

    return list(town.store.children(TimelineRow, case))


@cases(of_kind("proposed_scenario", "deadline_steps"), SCENARIOS_OVERRULED)
def test_a_proposed_scenario_pages_exactly_whom_it_should(row: Row) -> None:
    scenario = Scenario(row)
    heard = scenario.play()
    keys = ("t_min", "to", "step")
    wanted = [{key: page[key] for key in keys} for page in row["expect"]["pages"]]
    assert heard == sorted(wanted, key=lambda p: (p["t_min"], p["to"]))
    if "replies" in row["expect"]:
        assert scenario.replies == row["expect"]["replies"]


@cases(of_kind("proposed_digest", "deadline_steps"))
def test_a_proposed_digest_gathers_exactly_what_it_should(row: Row) -> None:
    gap = timedelta(seconds=row["config"]["sms_min_gap_s"])
    town = Town(a_team(escalation={"default": (Step(Offset(remaining=1.0), page=("primary",)),)}))
    assert town.world.team.current().digest.sms_gap == gap
    for due in row["pages_due_s"]:
        town.clock.set(NIGHT + timedelta(seconds=due) - timedelta(seconds=1))
        town.work()
        town.clock.advance(timedelta(seconds=1))
        case = town.post()
        town.watch.wake(Ref("Conversation", (case,)), town.clock.now())
        for page in town.pages(case):
            town.deliver(Hand(Ref("Page", page.identity)))
        town.work()
    town.advance_to(row["pages_due_s"][-1] / 60 + 3)
    assert _texts(town) == row["expect"]


def _texts(town: Town) -> list[dict[str, float]]:
    from chalicelib.domain.items import Page

    members = {m.page_key for m in town.store.everything(DigestMember)}
    alone = [p for p in town.store.everything(Page) if p.key not in members]
    times = [p.sent_at for p in town.store.everything(Page) if p.sent_at is not None]
    counted = {at: times.count(at) for at in times}
    assert len(alone) + len(members) == len(times)
    return [{"t_s": (at - NIGHT).total_seconds(), "posts": n} for at, n in sorted(counted.items())]


# --- GoAlert's scenarios ---------------------------------------------------------------------------------

GOALERT_OVERRULED = {
    "escalation_scenarios-003": "there is no manual escalation: release and take over are the acts of people",
    "escalation_scenarios-004": "a clock keeps the ladder it started with; reassigning is to a person",
    "escalation_scenarios-006": "contacts are resolved when a step fires; later ones join at its next firing",
    "escalation_scenarios-011": "a claim silences everybody, not the claimer alone",
    "escalation_scenarios-013": "a rotation's order is the file's; there are no positions (see rotation vectors)",
    "escalation_scenarios-014": "steps are numbered by their order in the file",
    "escalation_scenarios-017": "a change of state edits the card in Slack; it sends no text",
    "escalation_scenarios-002": "there is no voice channel; contact delays are shown by -005 and -012",
    "escalation_scenarios-008": "there is no voice channel and no manual escalation; see test_sms_replies",
    "escalation_scenarios-010": "the gap is per person: a new post joins the next digest, at most a minute later",
}


def goalert_town(row: Row) -> Town:
    """Steps at fixed delays after the alert; each person reached by text as their rules say."""
    steps, at = [], timedelta(0)
    for step in row["policy"].get("steps", [{"targets": ["u1"]}]):
        steps.append(Step(Offset(delta=at - minutes(600)), page=tuple(step["targets"])))
        at += minutes(step.get("delay_min", 60))
    people = {"lead": on_slack("lead")}
    for number, name in enumerate(("u1", "u2"), 1):
        rules = row["policy"].get("user_rules", {}).get(name, [["sms", 0]])
        reach = tuple(Contact(Channel.SMS, minutes(delay)) for _, delay in rules)
        people[name] = Person(name, f"+4477009010{number}", reach=reach)
    return Town(a_team(escalation={"default": tuple(steps)}, people=people))


class Goalert:
    """Plays one of GoAlert's scenarios; minutes are relative to the alert."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.town = goalert_town(row)
        self.cases: list[str] = []
        self.answers: list[str | None] = []

    def play(self) -> None:
        for event in self.row["events"]:
            if event["event"] == "engine_runs_late":
                self.town.clock.set(NIGHT + minutes(event["t_min"]))
            self.town.advance_to(event["t_min"])
            getattr(self, f"on_{event['event']}")(event)
            self.town.work()
        self.town.advance_to(30.5)

    def on_alert(self, event: dict[str, Any]) -> None:
        self.cases += [self.town.post(target=minutes(600)) for _ in range(event.get("n", 1))]
        for case in self.cases:
            self.town.watch.wake(Ref("Conversation", (case,)), self.town.clock.now())

    def on_ack(self, event: dict[str, Any]) -> None:
        self.town.claims.claim(self.cases[0], by=event["by"], at=self.town.clock.now())

    def on_provider_rejects(self, event: dict[str, Any]) -> None:
        self.town.world.sms.fails("+44770090101", Permanent(f"no {event['to']}"))

    def on_engine_runs_late(self, _event: dict[str, Any]) -> None:
        self.town.tick.run()

    def on_engine_tick(self, _event: dict[str, Any]) -> None:
        self.town.tick.run()

    def on_sms_reply(self, _event: dict[str, Any]) -> None:
        self.says("B1")

    def on_sms_inbound(self, event: dict[str, Any]) -> None:
        phones = {"unknown": "+15550001", "disabled": "+15550002"}
        for _ in range(event.get("n", 1)):
            self.says(event["body"], phones.get(event.get("from_", ""), "+44770090101"))

    def says(self, text: str, phone: str = "+44770090101") -> None:
        self.answers.append(sms_replies_of(self.town.means).hear(phone, text, self.town.clock.now()))


def scenario(number: str) -> Row:
    return next(r for r in rows("escalation_scenarios") if r["id"] == f"escalation_scenarios-{number}")


@cases(
    [
        r
        for r in rows("escalation_scenarios")
        if r["id"][-3:] in {"001", "005", "012"} or r["id"] in GOALERT_OVERRULED
    ],
    GOALERT_OVERRULED,
)
def test_the_complete_list_of_texts_is_the_scenarios(row: Row) -> None:
    play = Goalert(row)
    play.play()
    sent = [p for case in play.cases for p in play.town.pages(case) if p.sent_at is not None]
    found = sorted(((p.sent_at - NIGHT) / minutes(1), p.person) for p in sent if p.sent_at)
    assert [{"t_min": at, "to": to, "channel": "sms"} for at, to in found] == row["expect"]


def test_007_a_rejected_number_is_not_tried_again() -> None:
    """``fails`` scripts one refusal: a second try would arrive, and would be seen."""
    row = scenario("007")
    play = Goalert({**row, "events": [row["events"][1], row["events"][0], row["events"][2]]})
    play.play()
    assert play.town.texts_to("u1") == []
    assert [p.attempts for p in play.town.pages(play.cases[0]) if p.person == "u1"] == [1]


def test_009_four_waiting_posts_are_one_text_with_one_code_that_claims_them_all() -> None:
    """Ours lets the first leave at once: so a fifth went before, and four wait."""
    row = scenario("009")
    play = Goalert({**row, "events": [{**row["events"][0], "n": 5}]})
    play.play()
    texts = play.town.texts_to("u1")
    assert len(texts) == 2
    assert "4 posts wait" in texts[1]
    play.says("B1")
    assert play.answers == ["4 of 4 are yours."]


def test_015_nonsense_is_answered_five_times() -> None:
    row = scenario("015")
    play = Goalert(row)
    play.play()
    heard = [answer for answer in play.answers if answer is not None]
    assert len(heard) == row["expect"][0]["n"]
    assert all(word in heard[0].lower() for word in row["expect"][0]["body_contains"])


def test_016_unknown_numbers_are_never_answered() -> None:
    play = Goalert(scenario("016"))
    play.play()
    assert [answer is not None for answer in play.answers] == [True, False, False]


def test_every_scenario_is_played_or_refused_with_a_reason() -> None:
    played = {f"escalation_scenarios-{n}" for n in ("001", "005", "007", "009", "012", "015", "016")}
    assert played | GOALERT_OVERRULED.keys() == {r["id"] for r in rows("escalation_scenarios")}


# --- throttles -------------------------------------------------------------------------------------------

THROTTLE_OVERRULED = {
    **dict.fromkeys(
        (f"dedupe_throttle-{n:03d}" for n in range(1, 12)),
        "a page is about one conversation, never a changing group: its repetitions are the ladder's",
    ),
    "dedupe_throttle-018": "a page's identity is its intent: two intents never fold, a digest gathers them",
    **dict.fromkeys(
        (f"dedupe_throttle-{n:03d}" for n in (13, 14, 15, 16, 17, 22, 23)),
        "one gap and one digest per person and channel; there are no further budgets",
    ),
}


@cases([r for r in rows("dedupe_throttle") if r["kind"] == "throttle" and r["id"] not in THROTTLE_OVERRULED])
def test_the_next_text_may_leave_when_the_throttle_says(row: Row) -> None:
    """One a minute: the second leaves after one minute, the third after two."""
    (rule,) = row["config"]["rules"]
    town = Town(a_team(escalation={"default": (Step(Offset(remaining=1.0), page=("primary",)),)}))
    assert town.world.team.current().digest.sms_gap == minutes(rule["per_min"] / rule["count"])
    for minute in (*row["sent_at_min"], *row["expect"]["next_allowed_at_min"]):
        town.advance_to(max(minute - 0.5, 0))
        town.post()
        town.work()
        town.advance_to(minute - 0.01 if minute else 0)
        town.heard()
        town.advance_to(minute)
        assert len(town.texts_to("ana")) == minute + 1


@cases([r for r in rows("dedupe_throttle") if r["kind"] == "bundle_pending"])
def test_whatever_is_pending_leaves_as_one_message(row: Row) -> None:
    """An earlier text shut the gate; all that is pending when it opens is one digest."""
    town = Town(a_team(escalation={"default": (Step(Offset(remaining=1.0), page=("primary",)),)}))
    alerts = [m for m in row["messages"] if m["type"] == "alert"]
    for _ in range(len(alerts) + 1):
        town.post()
    town.advance_to(2)
    assert len(town.texts_to("ana")) == 2
    assert f"{len(row['expect']['sent'][0]['contains'])} posts wait" in town.texts_to("ana")[1]


def test_the_first_default_limit_for_texts_is_our_gap() -> None:
    row = next(r for r in rows("dedupe_throttle") if r["id"] == "dedupe_throttle-021")
    assert row["expect"]["rules"][0] == {"count": 1, "per_min": 1, "smooth": False}
    assert a_team().digest.sms_gap == minutes(1)


def test_every_throttle_row_is_played_or_refused_with_a_reason() -> None:
    played = {f"dedupe_throttle-{n:03d}" for n in (12, 19, 20, 21)}
    assert played | THROTTLE_OVERRULED.keys() == {r["id"] for r in rows("dedupe_throttle")}


# --- text messages ---------------------------------------------------------------------------------------

REPLIES_OVERRULED = {
    **dict.fromkeys(
        (f"sms-{n:03d}" for n in (*range(12, 18), 42, 43, 44, 45)),
        "our grammar demands a code: a bare word never means the last or all of them",
    ),
    **dict.fromkeys(
        (f"sms-{n:03d}" for n in range(18, 27)),
        "texts claim, release and claim a digest, no more, and spell it C47, R47, B7: senders can be spoofed",
    ),
}


@cases(of_kind("to_gsm7", "sms"))
def test_text_is_spelt_in_gsm7(row: Row) -> None:
    assert to_gsm7(row["input"]) == row["expect"]


@cases(of_kind("opt_keyword", "sms"))
def test_reserved_words_are_known(row: Row) -> None:
    assert opt_keyword(row["input"]) == row["expect"]


@cases(of_kind("parse_reply", "sms"), REPLIES_OVERRULED)
def test_a_reply_is_read(row: Row) -> None:
    wanted = row["expect"]
    assert parse_reply(row["input"]) == (ClaimCode(wanted["id"]) if wanted else None)


@cases(of_kind("parse_reply", "sms"))
def test_what_other_systems_guess_from_a_bare_letter_is_never_an_act(row: Row) -> None:
    """Of all those rows, only a code spelt our way may act."""
    acts = parse_reply(row["input"]) is not None
    assert acts == (row["id"] in {"sms-039", "sms-040", "sms-041"})


@cases(of_kind("render", "sms"))
def test_a_text_is_one_segment_with_the_same_parts(row: Row) -> None:
    """The wording is ours; code, link and as much of the quote as fits are there, within one segment."""
    given, code = row["input"], row["input"]["code"] or None
    view = replace(
        VIEW, quote=given["summary"], link=given["link"] or None, code=code, handle=f"#{given['id']}"
    )
    text = render_sms(view)
    assert septets(text) <= 160 * row["expect"]["segments"]
    assert ("Reply C1 to claim." in text) == bool(code)
    assert (given["link"] or "answer") in text
    assert '"Testing' in text


def test_codes_are_per_phone_lowest_free_and_kept_while_open() -> None:
    """Row sms-046, with our rest of a day after closure: 1, 2 while the first is open, then 1 again."""
    (row,) = of_kind("reply_code_allocation", "sms")
    wanted = [step["code"] for step in row["expect"] if "code" in step]
    assert wanted == [1, 2, 1, 3]
    town = Town(a_team(escalation={"default": (Step(Offset(remaining=1.0), page=("primary",)),)}))
    first = _coded_post(town)
    second = _coded_post(town)
    town.answer(first[0])
    for _ in range(2):  # a day until the closure is noticed, and a day of rest
        town.clock.advance(timedelta(hours=24, minutes=1))
        sms_replies_of(town.means).hear("+447700900001", "?", town.clock.now())
    third, fourth = _coded_post(town), _coded_post(town)
    assert [first[1], second[1], third[1], fourth[1]] == wanted


def _coded_post(town: Town) -> tuple[str, int]:
    town.clock.advance(minutes(2))
    case = town.post()
    town.watch.wake(Ref("Conversation", (case,)), town.clock.now())
    for page in town.pages(case):
        town.deliver(Hand(Ref("Page", page.identity)))
    said = town.texts_to("ana")[-1]
    return case, int(said.split("Reply C")[1].split(" ")[0])


def test_every_text_row_is_played_or_refused_with_a_reason() -> None:
    kinds = {"render", "to_gsm7", "opt_keyword", "parse_reply", "reply_code_allocation"}
    assert {r["kind"] for r in rows("sms")} == kinds
    assert REPLIES_OVERRULED.keys() <= {r["id"] for r in of_kind("parse_reply", "sms")}
    assert read_instant("2027-01-10 02:00", "UTC") == NIGHT
