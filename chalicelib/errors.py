"""The five families of error, which decide what happens next; nothing here knows HTTP, AWS or a platform.

============  ==========================================  ================================
family        at HTTP                                     on a queue
============  ==========================================  ================================
Rejected      401 or 403, nothing stored, counted         never happens
NotFound      404                                         done, logged
Conflict      409 naming the holder                       done, logged
Transient     503, the sender redelivers                  stays, backs off
Permanent     never happens                               dead-letter at once, alarm
============  ==========================================  ================================

Anything else is a bug: 500, or retried and then dead-lettered. Source: docs/architecture.md, "Failure".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta


class NightdeskError(Exception):
    """Any failure Nightdesk foresees; its sentence says what to do."""


class Rejected(NightdeskError):
    """The caller could not prove who it is. ``status`` is 401 (no proof given) or 403 (a wrong one)."""

    def __init__(self, reason: str, *, status: int = 403) -> None:
        super().__init__(reason)
        self.status = status


class NotFound(NightdeskError):
    """The thing named does not exist, or no longer."""


class Conflict(NightdeskError):
    """Somebody else was first; ``holder`` names them where there is a person to name."""

    def __init__(self, reason: str, *, holder: str | None = None) -> None:
        super().__init__(reason)
        self.holder = holder


class Transient(NightdeskError):
    """It may well work later; ``retry_after`` is the provider's own word on when, if it gave one."""

    def __init__(self, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class OutcomeUnknown(Transient):
    """A hand-over that timed out: it may have happened, so it is never blindly repeated."""


class Permanent(NightdeskError):
    """It will not work however often it is tried; a person must act. ``runbook`` is the section that says how."""

    def __init__(self, reason: str, *, runbook: str = "permanent-failures") -> None:
        super().__init__(reason)
        self.runbook = runbook


class Misconfigured(NightdeskError):
    """A setting or the team file is wrong; the sentence names each key and what to write instead."""
