"""Sends texts, and pages people on what still works while their carrier refuses the whole account.

A dead token or a spent budget is an incident of ours, not the trouble of one phone. It ends with the first text that is
taken again. Nothing here changes what the sender of a page hears about it.
"""

from __future__ import annotations

from contextlib import suppress

from chalicelib.errors import Permanent, Transient
from chalicelib.services.incidents import Incidents
from chalicelib.services.ports import SmsSender, TeamSource

KEY = "sms"
WHOLE_ACCOUNT = frozenset({"sms-account", "sms-spend"})
"""The sections of the runbook that speak of the account; the others are about one phone."""


class WatchedSms:
    """An ``SmsSender`` around the carrier's own."""

    def __init__(self, sms: SmsSender, incidents: Incidents, teams: TeamSource) -> None:
        self.hears = sms.hears
        self._sms = sms
        self._incidents = incidents
        self._teams = teams

    def send(self, *, phone: str, text: str, key: str) -> str:
        try:
            taken = self._sms.send(phone=phone, text=text, key=key)
        except Permanent as fault:
            if fault.runbook in WHOLE_ACCOUNT:
                self._raise(fault)
            raise
        with suppress(Transient):
            self._incidents.closed(KEY)
        return taken

    def _raise(self, fault: Permanent) -> None:
        """Page by the ladder of the first account: whoever answers for anything hears of it."""
        team = self._teams.current()
        account = next(iter(team.accounts.values()), None)
        words = f"No texts can be sent: {fault} (runbook: {fault.runbook})"
        with suppress(
            Transient
        ):  # the page's own fate must be recorded all the same; the next text tells again
            if account is not None:
                self._incidents.raised(KEY, words, account, team)
