"""Which platforms a team file may name: those Nightdesk speaks. The file's own reader cannot know them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from chalicelib.domain.teamfile import Fault
from chalicelib.platforms.registry import PLATFORMS


def platform_faults(document: Mapping[str, object]) -> list[Fault]:
    """Return a finding for every account and policy of a platform that nobody speaks."""
    return [_unknown(path, name) for path, name in _named(document) if name not in PLATFORMS]


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


def _unknown(path: str, name: str) -> Fault:
    close = get_close_matches(name.lower(), PLATFORMS, 1)
    write = f"did you mean {close[0]!r}?" if close else f"write one of: {', '.join(sorted(PLATFORMS))}"
    return Fault(path, f"there is no platform {name!r}", write)
