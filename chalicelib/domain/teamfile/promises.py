"""Reads what is promised and how it escalates: accounts, teams, policies, hours, ladders, digests, rules."""

from __future__ import annotations

import re
from datetime import timedelta

from chalicelib.domain.judgement import PostKind, Priority
from chalicelib.domain.oncall_words import Misworded, read_channel, read_duration, read_offset, read_window
from chalicelib.domain.posts import Surface
from chalicelib.domain.team import Account, Digest, Hours, Offset, Policy, PolicyMatch, Rule, Step, Team
from chalicelib.domain.teamfile.schedules import read_zone
from chalicelib.domain.teamfile.tables import Table

_TEMPLATE = re.compile(r"[a-z0-9_]{1,512}/[a-z]{2,3}(_[A-Z]{2,3})?")


def read_accounts(root: Table) -> dict[str, Account]:
    """Read the brand's pages, profiles and numbers."""
    return {name: _read_account(name, table) for name, table in root.named("accounts")}


def _read_account(name: str, table: Table) -> Account:
    account = Account(
        name=name,
        platform=table.text("platform", 'name the platform: platform = "facebook"') or "",
        id=table.text("id", "write the platform's id of the page, profile or number") or "",
        app=table.text("app", "name the app whose secret signs its deliveries") or "",
        team=table.text("team", 'name the team that works its queue: team = "care"') or "",
        handle=table.text("handle"),
        automations=table.texts("automations"),
        backfill_horizon=table.word("backfill_horizon", read_duration) or timedelta(hours=24),
        template=table.word("template", _template),
    )
    table.close()
    return account


def _template(words: str) -> str:
    if not _TEMPLATE.fullmatch(words):
        raise Misworded(
            f"{words!r} is not a template", 'write its name and language: template = "followup/en_GB"'
        )
    return words


def read_teams(root: Table) -> dict[str, Team]:
    """Read who works which queue."""
    return {name: _read_team(name, table) for name, table in root.named("teams")}


def _read_team(name: str, table: Table) -> Team:
    team = Team(
        name=name,
        channel=table.text("channel", 'name its Slack channel: channel = "#social"') or "",
        tz=table.word("tz", read_zone, 'write the zone it lives in: tz = "Europe/London"') or "UTC",
        quiet=table.word("quiet", _quiet),
    )
    table.close()
    return team


def _quiet(words: str) -> str:
    try:
        read_window(f"daily {words}")
    except Misworded as fault:
        raise Misworded(f"{words!r} is not a clock range", 'write quiet = "22:00-07:00"') from fault
    return words


def read_policies(root: Table) -> tuple[Policy, ...]:
    """Read the rules, in order."""
    return tuple(map(_read_policy, root.tables("policies")))


def _read_policy(table: Table) -> Policy:
    first = table.word("first", _target, 'write the first response\'s target: first = "60m"') or timedelta(0)
    policy = Policy(
        when=_read_match(table.table("when")),
        first=first,
        next=table.word("next", _target) or first,
        escalation=table.text("escalation", 'name the ladder: escalation = "default"') or "",
        hours=table.text("hours"),
    )
    table.close()
    return policy


def _target(words: str) -> timedelta:
    target = read_duration(words)
    if not target:
        raise Misworded("a promise of no time at all is missed at once", 'write a target such as "60m"')
    return target


def _read_match(table: Table) -> PolicyMatch:
    match = PolicyMatch(
        account=table.text("account"),
        platform=table.text("platform"),
        surface=table.word("surface", _one_of(*Surface)),
        priority=table.word("priority", _one_of(*Priority)),
        topic=table.text("topic"),
        kind=table.word("kind", _one_of(*PostKind)),
    )
    table.close()
    return match


class _one_of:  # noqa: N801  reads as a phrase at its uses: one_of(*Priority)
    """Reads one of the given words. Raises: Misworded."""

    def __init__(self, *known: str) -> None:
        self._known = known

    def __call__(self, words: str) -> str:
        if words not in self._known:
            raise Misworded(f"{words!r} is not one of them", f"write one of: {', '.join(self._known)}")
        return words


def read_hours(root: Table) -> dict[str, Hours]:
    """Read the opening calendars."""
    return {name: _read_calendar(name, table) for name, table in root.named("hours")}


def _read_calendar(name: str, table: Table) -> Hours:
    hours = Hours(
        name=name,
        tz=table.word("tz", read_zone, 'write the zone its clocks are in: tz = "Europe/London"') or "UTC",
        open=table.words("open", _window_words, 'write when it is open: open = ["weekdays 09:00-17:30"]'),
        closed=table.words("closed", _window_words),
    )
    table.close()
    return hours


def _window_words(words: str) -> str:
    read_window(words)
    return words


def read_ladders(root: Table) -> dict[str, tuple[Step, ...]]:
    """Read the escalation policies: ``[[escalation.name]]`` tables in order."""
    ladders = root.table("escalation")
    return {name: tuple(map(_read_step, ladders.tables(name))) for name in ladders.names()}


def _read_step(table: Table) -> Step:
    write = 'write when it is due: at = "-33%", "-10m", "0" (the deadline) or "+5m"'
    step = Step(
        at=table.word("at", read_offset, write) or Offset(delta=timedelta(0)),
        tell=table.words("tell", read_channel),
        page=table.texts("page"),
        repeat=table.word("repeat", _target),
        widen=table.words("widen", _target),
    )
    table.close()
    if not step.tell and not step.page:
        table.fault("", "the step reaches nobody", 'write page = ["primary"] or tell = ["#social"]')
    if step.repeat and not step.page:
        table.fault("repeat", "only pages repeat", "remove it, or write page")
    if step.widen and not step.repeat:
        table.fault(
            "widen", "it widens the repeats of a step that has none", 'write repeat = "10m", or remove it'
        )
    return step


def read_digest(root: Table) -> Digest:
    """Read flood control."""
    table = root.table("digest")
    gap = table.word("sms_gap", read_duration)
    table.close()
    return Digest() if gap is None else Digest(sms_gap=gap)


def read_rules(root: Table) -> tuple[Rule, ...]:
    """Read the team's own judgement rules."""
    return tuple(map(_read_rule, root.tables("rules")))


def _read_rule(table: Table) -> Rule:
    rule = Rule(
        match=table.texts("match", 'write the phrases to look for: match = ["stranded"]'),
        priority=table.word("priority", _one_of(*Priority)),
        topics=table.texts("topics"),
    )
    table.close()
    if rule.match and rule.priority is None and not rule.topics:
        table.fault("", "the rule does nothing", 'write priority = "urgent" or topics = ["…"]')
    return rule
