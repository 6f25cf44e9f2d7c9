"""What names in a playbook may stand for, put together: the judge's topics, the platforms and their limits."""

from __future__ import annotations

from chalicelib.classifier.topics import OTHER, QUEUE_OF
from chalicelib.domain.playbook_files import Names
from chalicelib.domain.team import TeamFile
from chalicelib.platforms.registry import PLATFORMS
from chalicelib.platforms.terms import PlatformTerms
from chalicelib.services.playbooks import names_of


def playbook_names(team: TeamFile) -> Names:
    """Return the names that a team's playbooks may use."""
    topics = tuple(dict.fromkeys((*QUEUE_OF, OTHER)))
    return names_of(team, topics=topics, platforms=tuple(PLATFORMS), terms=PlatformTerms)
