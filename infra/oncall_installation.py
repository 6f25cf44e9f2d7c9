"""The door from the on-call commands to an installation: its team versions, and a test page.

Imported only when a command names a stage, so that a question about a file needs no AWS.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from chalicelib.services.team_versions import TeamVersions


class Installation(Protocol):
    """What ``infra.deployed`` opens for a stage."""

    def team_versions(self, stage: str) -> TeamVersions:
        """Return the team file's versions in the stage's table."""
        ...

    def test_page(self, stage: str, person: str) -> Sequence[str]:
        """Page a person on every contact, marked as a test; return one line for each. Raises: NotFound."""
        ...


def team_versions(stage: str) -> TeamVersions:
    """Return the versions of an installation. Raises: what reaching AWS raises."""
    return _installation().team_versions(stage)


def page_as_test(stage: str, person: str) -> Sequence[str]:
    """Page a person on every contact, marked as a test."""
    return _installation().test_page(stage, person)


def _installation() -> Installation:
    from infra import deployed

    return cast("Installation", deployed)
