"""The team file: read, validated, and everything that is wrong with it said at once."""

from chalicelib.domain.teamfile.complete import deployable
from chalicelib.domain.teamfile.deep import Findings, check, examine
from chalicelib.domain.teamfile.faults import Fault, Faults
from chalicelib.domain.teamfile.read import countries, read_team

__all__ = ["Fault", "Faults", "Findings", "check", "countries", "deployable", "examine", "read_team"]
