"""Reads what the team file says of checking the judge: how large a share of what it closed people look at."""

from __future__ import annotations

from chalicelib.domain.team import SAMPLE
from chalicelib.domain.teamfile.tables import Table

_WRITE = "write a share from 0 (nobody checks) to 1 (every one): sample = 0.02"


def read_sample(root: Table) -> float:
    """Read the share of posts closed as needing no answer that people are asked about."""
    share = root.number("sample", _WRITE)
    if share is None:
        return SAMPLE
    if not 0 <= share <= 1:
        root.fault("sample", f"{share:g} is no share", _WRITE)
        return SAMPLE
    return share
