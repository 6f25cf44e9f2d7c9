"""What a file must hold before it can be activated, beyond being right in what it holds."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.team import Policy, PolicyMatch, TeamFile
from chalicelib.domain.teamfile.faults import Fault

_SECTIONS = {
    "brand": 'write the name customers know: brand = "Acme Air"',
    "accounts": "write [accounts.name] for each page, profile or number",
    "teams": "write [teams.name] with its channel and zone",
    "policies": "write [[policies]] with first, next and escalation",
    "escalation": "write [[escalation.default]] steps",
    "people": "write [people.name] for everybody who can be paged",
    "schedules": "write [schedules.name] with its layers",
}


def deployable(team: TeamFile) -> list[Fault]:
    """Return what is missing before this file can be activated; a question may need less."""
    missing = [
        Fault(key, "it is missing", write) for key, write in _SECTIONS.items() if not getattr(team, key)
    ]
    return [*missing, *_catch_all(team), *_silent_ladders(team)]


def _catch_all(team: TeamFile) -> Iterator[Fault]:
    if team.policies and not _matches_all(team.policies[-1]):
        last = len(team.policies) - 1
        write = "end the list with a policy without `when`, so that no post is without a promise"
        yield Fault(f"policies[{last}].when", "the last policy does not match everything", write)


def _matches_all(policy: Policy) -> bool:
    return policy.when == PolicyMatch()


def _silent_ladders(team: TeamFile) -> Iterator[Fault]:
    for name, steps in team.escalation.items():
        if not any(step.page for step in steps):
            yield Fault(
                f"escalation.{name}", "no step pages a person", 'write a step with page = ["primary"]'
            )
