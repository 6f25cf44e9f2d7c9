"""What Nightdesk does with posts and people: receiving, judging, claiming, watching, sending, answering."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.wiring.world import World

if TYPE_CHECKING:
    from chalicelib.platforms.replying import PlatformReplier, Templates
    from chalicelib.services.answering import Answering
    from chalicelib.services.cases import Cases
    from chalicelib.services.claims import Claims
    from chalicelib.services.corrections import Corrections
    from chalicelib.services.drafts import Drafts
    from chalicelib.services.follow_ups import FollowUps
    from chalicelib.services.hearing import Hearing
    from chalicelib.services.hiding import Hidings
    from chalicelib.services.incidents import Incidents
    from chalicelib.services.intake import Intake
    from chalicelib.services.intake_posts import Posts
    from chalicelib.services.judging import Judging
    from chalicelib.services.links import Links
    from chalicelib.services.pager import Means
    from chalicelib.services.playbook_versions import PlaybookVersions
    from chalicelib.services.playbooks import Playbooks
    from chalicelib.services.ports import Judge, SmsSender
    from chalicelib.services.quarantine import Quarantine
    from chalicelib.services.reception import Reception
    from chalicelib.services.replies import Replies
    from chalicelib.services.reply_advice import ReplyAdvice
    from chalicelib.services.reply_sender import ReplySender
    from chalicelib.services.send import Send
    from chalicelib.services.sessions import Sessions
    from chalicelib.services.tick import Tick
    from chalicelib.services.watch import Watch


class UseCases(World):
    """The use cases, each built once."""

    @cached_property
    def reception(self) -> Reception:
        from chalicelib.platforms.registry import platform
        from chalicelib.services.reception import Reception

        return Reception(platform, self.secrets, self.queues.inbound, self.clock, self.meter)

    @cached_property
    def quarantine(self) -> Quarantine:
        from chalicelib.services.quarantine import Quarantine

        return Quarantine(self.store, self.queues.inbound, self.meter, self.clock)

    @cached_property
    def judging(self) -> Judging:
        from chalicelib.classifier.trained import TrainedJudge
        from chalicelib.services.judging import Judging
        from chalicelib.services.team_judge import TeamJudge

        return Judging(self._advised(TeamJudge(self.teams, TrainedJudge)))

    def _advised(self, judge: Judge) -> Judge:
        """Have somebody else asked about what the judge doubts, where the stage names them."""
        from chalicelib.settings import SecondOpinion

        if self.settings.second_opinion is SecondOpinion.NONE:
            return judge
        from chalicelib.services.second_opinion import AdvisedJudge
        from chalicelib.wiring.advisers import adviser

        return AdvisedJudge(judge, adviser(self.settings), self.clock, self.meter)

    @cached_property
    def corrections(self) -> Corrections:
        from chalicelib.classifier.topics import QUEUES
        from chalicelib.services.corrections import Corrections

        return Corrections(self.store, self.books, self.teams, (*QUEUES, "other"))

    @cached_property
    def hiding(self) -> Hidings:
        from chalicelib.platforms.hiding import PlatformHider
        from chalicelib.services.hiding import Hidings

        return Hidings(
            store=self.store,
            saving=self.saving,
            books=self.books,
            clock=self.clock,
            hiders=lambda name: PlatformHider(name, **self.reach),
        )

    @cached_property
    def hearing(self) -> Hearing:
        from chalicelib.services.hearing import Hearing

        return Hearing(self.store, self.meter)

    @cached_property
    def posts(self) -> Posts:
        from chalicelib.platforms.registry import ENRICHED
        from chalicelib.services.asking import Asking
        from chalicelib.services.intake_posts import Posts

        ask = Asking(self.queues.sweep, ENRICHED)
        return Posts(self.store, self.books, self.judging, self.clock, ask)

    @cached_property
    def incidents(self) -> Incidents:
        from chalicelib.services.incidents import Incidents
        from chalicelib.services.notices import Notices

        return Incidents(self.store, Notices(self.saving), self.teams, self.clock)

    @cached_property
    def intake(self) -> Intake:
        from chalicelib.platforms.registry import platform
        from chalicelib.services.intake import Intake

        return Intake(
            platforms=platform,
            teams=self.teams,
            posts=self.posts,
            quarantine=self.quarantine,
            hearing=self.hearing,
            incidents=self.incidents,
            inbound=self.queues.inbound,
            meter=self.meter,
        )

    @cached_property
    def claims(self) -> Claims:
        from chalicelib.services.claims import Claims

        return Claims(self.store, self.saving, self.teams, self.clock)

    @cached_property
    def replies(self) -> Replies:
        from chalicelib.services.replies import Replies

        return Replies(self.store, self.books)

    @cached_property
    def drafts(self) -> Drafts:
        from chalicelib.services.drafts import Drafts

        return Drafts(self.store)

    @cached_property
    def answering(self) -> Answering:
        from chalicelib.services.answering import Answering

        return Answering(self.store, self.replies, self.claims, self.reply_advice, self.drafts)

    @cached_property
    def reply_advice(self) -> ReplyAdvice:
        from chalicelib.platforms.terms import PlatformTerms
        from chalicelib.services.reply_advice import ReplyAdvice

        return ReplyAdvice(self.store, lambda name: PlatformTerms(name, self._templates(name)))

    @cached_property
    def cases(self) -> Cases:
        from chalicelib.domain.personal_data import mask
        from chalicelib.services.cases import Cases

        return Cases(self.store, self.teams, mask, self.reply_advice)

    @cached_property
    def follow_ups(self) -> FollowUps:
        from chalicelib.services.follow_ups import FollowUps

        return FollowUps(self.store, self.books, self.clock)

    @cached_property
    def playbook_versions(self) -> PlaybookVersions:
        from chalicelib.services.playbook_versions import PlaybookVersions

        return PlaybookVersions(self.store, self.clock)

    @cached_property
    def playbooks(self) -> Playbooks:
        from chalicelib.services.playbooks import Playbooks
        from chalicelib.wiring.playbook_names import playbook_names

        return Playbooks(self.store, self.playbook_versions, self.teams, playbook_names)

    @cached_property
    def links(self) -> Links:
        from chalicelib.services.links import Links, fresh_token

        address = f"{self.settings.public_base_url or ''}/l/"
        return Links(self.store, base_url=address, tokens=fresh_token)

    @cached_property
    def sessions(self) -> Sessions:
        from chalicelib.services.sessions import Sessions

        return Sessions(self.store, self.links)

    @cached_property
    def tick(self) -> Tick:
        from chalicelib.services.tick import Tick

        return Tick(self.store, self.saving, self.clock, self.meter)

    @cached_property
    def watch(self) -> Watch:
        from chalicelib.services.watch import Watch

        return Watch(self.store, self.saving, self.teams, self.clock)

    @cached_property
    def send(self) -> Send:
        from chalicelib.services.pager import send_of

        return send_of(self.means)

    @cached_property
    def watched_sms(self) -> SmsSender:
        """The carrier, with an incident for as long as it refuses us."""
        from chalicelib.services.carrier_watch import WatchedSms
        from chalicelib.services.incidents import Incidents
        from chalicelib.services.notices import Notices

        incidents = Incidents(self.store, Notices(self.saving), self.teams, self.clock)
        return WatchedSms(self.sms, incidents, self.teams)

    @cached_property
    def means(self) -> Means:
        """What the pager works with."""
        from chalicelib.domain.personal_data import mask
        from chalicelib.services.pager import Means

        return Means(
            store=self.store,
            saving=self.saving,
            teams=self.teams,
            clock=self.clock,
            meter=self.meter,
            sms=self.watched_sms,
            chat=self.chat,
            mask=mask,
            links=self.links if self.settings.public_base_url else None,
            others={
                "Reply": self.reply_sender.deliver,
                "FollowUp": self.follow_ups.deliver,
                "Hiding": self.hiding.deliver,
            },
        )

    @cached_property
    def reply_sender(self) -> ReplySender:
        from chalicelib.services.reply_sender import ReplySender

        return ReplySender(
            store=self.store,
            saving=self.saving,
            books=self.books,
            clock=self.clock,
            meter=self.meter,
            repliers=self._replier,
        )

    def _replier(self, platform: str) -> PlatformReplier:
        from chalicelib.platforms.replying import PlatformReplier

        templates = self._templates(platform)
        return PlatformReplier(platform, clock=self.clock, templates=templates, **self.reach)

    def _templates(self, platform: str) -> Templates:
        """Return who knows the approved message of each of a platform's accounts."""

        def of(app: str, account: str) -> str | None:
            found = self.teams.current().account_for(platform, app, account)
            return found.template if found else None

        return of

    @cached_property
    def reach(self) -> dict[str, Any]:
        """What calling a platform takes, the addresses of the APIs among it: the real ones, or stand-ins'."""
        from chalicelib.platforms.http import Http

        graph = self.settings.graph_api_url
        own = {
            "instagram_login": self.settings.graph_instagram_api_url,
            "threads": self.settings.threads_api_url,
            "x": self.settings.x_api_url,
        }
        hosts = dict.fromkeys(("facebook", "instagram", "whatsapp"), graph) | own
        return {"secrets": self.secrets, "transport": Http(), "hosts": hosts}
