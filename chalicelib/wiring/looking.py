"""How Nightdesk looks after itself: sweeps, health, the auditor and the weekly test."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.wiring.use_cases import UseCases

if TYPE_CHECKING:
    from chalicelib.platforms.examining import PlatformExaminer
    from chalicelib.services.auditor import Auditor
    from chalicelib.services.enrichment import Enrichment
    from chalicelib.services.health import Health
    from chalicelib.services.polling import Polling
    from chalicelib.services.ports import Sweep
    from chalicelib.services.selftest import SelfTest


class Looking(UseCases):
    """What checks the rest."""

    @property
    def _looking(self) -> dict[str, Any]:
        """What looking for ourselves takes."""
        own = {"store": self.store, "teams": self.teams, "clock": self.clock, "meter": self.meter}
        return {"incidents": self.incidents, **own}

    @cached_property
    def polling(self) -> Polling:
        from chalicelib.platforms.sweeping import PlatformSweeper, streams
        from chalicelib.services.polling import Polling, Sources

        sources = Sources(lambda name: PlatformSweeper(name, **self.reach), streams)
        return Polling(inbound=self.queues.inbound, sources=sources, **self._looking)

    @cached_property
    def enrichment(self) -> Enrichment:
        from chalicelib.platforms.enriching import PlatformEnricher
        from chalicelib.platforms.registry import platform
        from chalicelib.services.enrichment import Enrichment

        return Enrichment(
            saving=self.saving,
            posts=self.posts,
            enrichers=lambda name: PlatformEnricher(name, **self.reach),
            platforms=platform,
            **self._looking,
        )

    @cached_property
    def health(self) -> Health:
        from chalicelib.platforms.examining import EXAMINED
        from chalicelib.services.health import Health
        from chalicelib.services.notices import Notices

        told = Notices(self.saving)
        return Health(
            examiner=self.examiner,
            examined=EXAMINED,
            notices=told,
            **self._looking,
        )

    def examiner(self, platform: str) -> PlatformExaminer:
        """Return whoever checks a platform's accounts."""
        from chalicelib.platforms.examining import PlatformExaminer

        return PlatformExaminer(
            platform, clock=self.clock, base_url=self.settings.public_base_url, **self.reach
        )

    def poll(self) -> None:
        """Ask for every sweep and check first: what silence is told by comes second."""
        from chalicelib.services.silence import Silence

        self.queues.sweep.send(*self.polling.sweeps(), *self.health.checks())
        Silence(self.hearing, self.incidents, self.teams, self.clock).run()

    def look(self, asked: Sweep) -> None:
        """Check an account's health, or sweep one of its streams."""
        from chalicelib.services.sweep_port import HEALTH

        (self.health.check if asked.stream == HEALTH else self.polling.sweep)(asked)

    @cached_property
    def auditor(self) -> Auditor:
        from chalicelib.services.auditor import Auditor

        return Auditor(self.store, self.saving, self.teams, self.clock, self.meter)

    @cached_property
    def selftest(self) -> SelfTest:
        from chalicelib.platforms.facebook.selftest import selftest_body
        from chalicelib.services.selftest import SelfTest

        return SelfTest(
            store=self.store,
            saving=self.saving,
            inbound=self.queues.inbound,
            teams=self.teams,
            clock=self.clock,
            meter=self.meter,
            body=selftest_body,
            close=self.replies.close,
        )

    def audit(self) -> None:
        """Look for what fell through, then see to the weekly post of our own."""
        self.auditor.run()
        self.selftest.run()
