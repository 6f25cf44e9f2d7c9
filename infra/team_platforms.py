"""What a team file may say of platforms: those Nightdesk speaks, templates where there are any.

The file's own reader knows no platform.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from chalicelib.domain.teamfile import Fault
from chalicelib.platforms.registry import PLATFORMS

TEMPLATED = ("whatsapp",)
"""Whose accounts may name an approved message for when free text is over."""


def platform_faults(document: Mapping[str, object]) -> list[Fault]:
    """Return a finding for every account and policy of a platform that nobody speaks."""
    unknown = [_unknown(path, name) for path, name in _named(document) if name not in PLATFORMS]
    return unknown + [_untemplated(path) for path in _templates(document)]


def _named(document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    accounts, policies = document.get("accounts"), document.get("policies")
    places = (
        [(f"accounts.{name}", one) for name, one in accounts.items()] if isinstance(accounts, dict) else []
    )
    if isinstance(policies, list):
        rules = enumerate(one.get("when") for one in policies if isinstance(one, dict))
        places += [(f"policies[{n}].when", when) for n, when in rules]
    for path, table in places:
        if isinstance(table, dict) and isinstance(table.get("platform"), str):
            yield f"{path}.platform", table["platform"]


def _templates(document: Mapping[str, object]) -> Iterator[str]:
    """Yield the path of every template of an account whose platform has none."""
    accounts = document.get("accounts")
    for name, table in (accounts if isinstance(accounts, dict) else {}).items():
        if isinstance(table, dict) and "template" in table and table.get("platform") not in TEMPLATED:
            yield f"accounts.{name}.template"


def _untemplated(path: str) -> Fault:
    return Fault(path, "this platform has no templates", f"remove it; only {', '.join(TEMPLATED)} has them")


def _unknown(path: str, name: str) -> Fault:
    close = get_close_matches(name.lower(), PLATFORMS, 1)
    write = f"did you mean {close[0]!r}?" if close else f"write one of: {', '.join(sorted(PLATFORMS))}"
    return Fault(path, f"there is no platform {name!r}", write)
