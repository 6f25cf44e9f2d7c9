"""X, Threads and WhatsApp beside Facebook and Instagram: which request is whose, and failing on purpose.

It routes and nothing else; each platform is a module of its own. ``/_fail`` takes a platform's name as ``method``, or with
the end of an address (``threads/threads_publish``) that call's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from infra.standin.failing import Failure, Failures
from infra.standin.meta import Brand, Post
from infra.standin.threads_api import ThreadsApi
from infra.standin.whatsapp_api import WhatsAppApi
from infra.standin.wire import Answer, Asked
from infra.standin.world import World
from infra.standin.x_api import XApi
from infra.standin.x_events import XEvents

DEFAULTS = {
    "x": Brand("x", "1500", "AcmeAir", "acme-x", "x-consumer-secret"),
    "threads": Brand("threads", "301", "acmeair", "acme-threads", "threads-secret"),
    "whatsapp": Brand("whatsapp", "600700800900", "Acme Air", "acme-meta", "the-app-secret"),
}
Misfortune = Callable[[Failure, Callable[[], Answer]], Answer]


class Api(Protocol):
    """One platform's API."""

    name: str

    def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        ...

    def refusal(self, failure: Failure) -> Answer | None:
        """Refuse in the platform's own words, if it has any for this."""
        ...


class Platforms:
    """The other platforms, each with its brand."""

    def __init__(
        self,
        world: World,
        failures: Failures,
        post: Post,
        misfortune: Misfortune,
        *,
        deployed: Callable[[], str],
        now: Callable[[], float],
        brands: Iterable[Brand] = (),
    ) -> None:
        known = DEFAULTS | {brand.platform: brand for brand in brands if brand.platform in DEFAULTS}
        events = XEvents(world, known["x"], post, deployed=deployed, now=now)
        self.x = XApi(world, events)
        self.threads = ThreadsApi(world, known["threads"], post, now)
        self.whatsapp = WhatsAppApi(world, known["whatsapp"], post, now)
        self.post = post
        self._failures = failures
        self.misfortune = misfortune

    def answer(self, asked: Asked) -> Answer | None:
        """Answer one request, in the way it was told to fail if it was; None if it is nobody's here."""
        api = self._api(asked)
        if api is None:
            return None
        failure = self._failures.next(f"{api.name}/{asked.path[-1]}") or self._failures.next(api.name)
        if failure is None:
            return api.answer(asked)
        return api.refusal(failure) or self.misfortune(failure, lambda: api.answer(asked))

    def _api(self, asked: Asked) -> Api | None:
        match asked.path:
            case ["x", *_]:
                return self.x
            case ["threads", _, *_] | ["refresh_access_token"]:
                return self.threads
            case ["graph", _, _, *_] if self.whatsapp.knows(asked):
                return self.whatsapp
        return None
