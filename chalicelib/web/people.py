"""Who it is that presses in Slack, and what somebody is told whom the team file does not know."""

from __future__ import annotations

from chalicelib.domain.team import TeamFile


def person_of(team: TeamFile, slack: str) -> str | None:
    """Return the name of the person whose Slack member id this is."""
    return next((person.name for person in team.people.values() if person.slack == slack), None)


def stranger(team: TeamFile, slack: str) -> str:
    """Return what to tell somebody whom the team file does not know, and whom they should ask."""
    responsible = sorted({schedule.fallback for schedule in team.schedules.values()})
    return (
        f"Nightdesk does not know you yet. Ask {' or '.join(responsible) or 'whoever keeps the team file'} "
        f'to add this line to yours under [people] in the team file: slack = "{slack}". '
        "Until then your clicks change nothing."
    )
