"""Deeper checks of ladders: steps against the targets they serve, and contacts against the next step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.domain.team import NOBODY, Offset, Step, TeamFile
from chalicelib.domain.teamfile.faults import Fault


def ladder_faults(team: TeamFile) -> Iterator[Fault]:
    """Find steps that can fall before receipt for a target they serve."""
    for ladder, steps in team.escalation.items():
        shortest = min(targets_of(team, ladder), default=None)
        for n, step in enumerate(steps):
            if shortest is not None and from_receipt(step.at, shortest) < timedelta(0):
                wrong = f"it falls before receipt for the {_short(shortest)} target it serves"
                yield Fault(
                    f"escalation.{ladder}[{n}].at",
                    wrong,
                    f'write a share such as "-60%", or at most "-{_short(shortest)}"',
                )


def ladder_warnings(team: TeamFile) -> Iterator[Fault]:
    """Find ladders nobody climbs, ladders that fall silent, and contacts slower than the next step."""
    for ladder, steps in team.escalation.items():
        path = f"escalation.{ladder}"
        if team.policies and not targets_of(team, ladder):
            yield Fault(path, "no policy uses it", f'write escalation = "{ladder}" in a policy, or remove it')
        if not any(step.repeat for step in steps):
            yield Fault(path, "it falls silent after its last step", 'write repeat = "10m" there')
        yield from _slow_contacts(team, ladder, steps)


def targets_of(team: TeamFile, ladder: str) -> list[timedelta]:
    """Return every target the ladder serves."""
    return [target for p in team.policies if p.escalation == ladder for target in (p.first, p.next)]


def from_receipt(at: Offset, target: timedelta) -> timedelta:
    """Return how long after receipt a step is due under a target, on the plain clock."""
    return target + at.delta if at.delta is not None else target - target * (at.remaining or 0)


def _slow_contacts(team: TeamFile, ladder: str, steps: tuple[Step, ...]) -> Iterator[Fault]:
    for n, step in enumerate(steps):
        patience = _patience(team, ladder, steps, step)
        if patience is None:
            continue
        for name in sorted(pageable(team, step)):
            for i, contact in enumerate(team.people[name].reach):
                if contact.after > patience:
                    wrong = f"escalation.{ladder} goes on {_short(patience)} after step [{n}], before this contact"
                    yield Fault(
                        f"people.{name}.reach[{i}]", wrong, f'write a delay of at most "+{_short(patience)}"'
                    )


def _patience(team: TeamFile, ladder: str, steps: tuple[Step, ...], step: Step) -> timedelta | None:
    """Return the least time between a page step and whatever pages next; None where nothing does."""
    if not step.page:
        return None
    waits = [] if step.repeat is None else [step.repeat]
    for target in targets_of(team, ladder):
        due = from_receipt(step.at, target)
        waits += [later - due for s in steps if s.page and (later := from_receipt(s.at, target)) > due]
    return min(waits, default=None)


def pageable(team: TeamFile, step: Step) -> set[str]:
    """Return the known people whom a step may reach: those it names, and anybody in its schedules."""
    found: set[str] = set()
    for target in step.page:
        schedule = team.schedules.get(target)
        turns = () if schedule is None else (name for layer in schedule.layers for name in layer.rotate)
        found |= {target, *turns, NOBODY if schedule is None else schedule.fallback}
    return found & set(team.people)


def _short(amount: timedelta) -> str:
    """Write a duration the way the file does: ``1h30m``."""
    minutes, seconds = divmod(int(amount.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    sizes = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in sizes if count) or "0s"
