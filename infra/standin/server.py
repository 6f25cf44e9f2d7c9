"""The stand-in itself: routes a request to Slack, Graph or the page, and fails when told to.

Listens on this machine alone. ``Standin`` is what the demo and the tests hold: start it, connect it to a
deployed stack, look at its ``world``.

==========================  ==========================================================
``/slack/api/{method}``     Slack's Web API
``/response/{name}``        an interaction's response address
``/graph/{version}/…``      Meta's Graph API, WhatsApp's among it
``/x/…``, ``/threads/…``    X's and Threads' APIs
``/twilio/2010-04-01/…``    Twilio's messages
``/sms-voice``              AWS End User Messaging
``POST /_fail``             ``{"method", "how", "times", "seconds"}``, see ``failing``
``GET /_messages``          everything received, as JSON
``POST /_click``            press a button: ``channel``, ``ts``, ``action``, ``user``
``POST /_text``             answer a text: ``phone``, ``text``
``/``                       the page for people
==========================  ==========================================================
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

import requests

from infra.standin.clicks import Clicks
from infra.standin.failing import Failure, Failures
from infra.standin.forms import Forms
from infra.standin.graph_api import GraphApi
from infra.standin.graph_reads import GraphReads
from infra.standin.meta import Brand, Meta
from infra.standin.pages import Pages, Person
from infra.standin.platforms import Platforms
from infra.standin.slack_api import SlackApi
from infra.standin.sms_voice_api import SmsVoiceApi
from infra.standin.twilio_api import TwilioApi
from infra.standin.wire import Answer, Asked, Json, answer_json, handler
from infra.standin.world import World

DELIVERY_SECONDS = 30
DEAD_TOKEN = {
    "error": {"message": "Session has expired", "type": "OAuthException", "code": 190, "error_subcode": 463}
}


class Standin:
    """The whole stand-in: its world, its services and its server."""

    def __init__(
        self,
        *,
        signing_secret: str,
        brands: list[Brand] | None = None,
        people: list[Person] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.world = World()
        self.failures = Failures()
        self.slack = SlackApi(self.world)
        self.meta = Meta(self.world, brands or [], self._deliver, now)
        self.graph = GraphApi(self.world, self.meta)
        self.graph_reads = GraphReads(self.world, self.meta)
        self.clicks = Clicks(
            self.world,
            self.slack,
            self._ask,
            secret=signing_secret,
            home=lambda: self.url,
            again=self._again,
            now=now,
        )
        self.forms = Forms(self.world, self.slack, self.clicks)
        self.pages = Pages(self.world, self.slack, people or [])
        self.twilio = TwilioApi(self.world, self._deliver, deployed=lambda: self._deployed)
        self.voice = SmsVoiceApi(self.world)
        self.platforms = Platforms(
            self.world,
            self.failures,
            self._deliver,
            self._misfortune,
            deployed=lambda: self._deployed,
            now=now,
            brands=brands or [],
        )
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self.answer))
        self._server.daemon_threads = True
        self._deployed = ""
        self.dead_tokens: set[str | None] = set()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def slack_api_url(self) -> str:
        """What a stack's ``SlackApiUrl`` is to be."""
        return f"{self.url}/slack/api/"

    @property
    def graph_api_url(self) -> str:
        """What a stack's ``GraphApiUrl`` and ``GraphInstagramApiUrl`` are to be."""
        return f"{self.url}/graph/v26.0/"

    @property
    def x_api_url(self) -> str:
        """What a stack's ``XApiUrl`` is to be."""
        return f"{self.url}/x/"

    @property
    def threads_api_url(self) -> str:
        """What a stack's ``ThreadsApiUrl`` is to be."""
        return f"{self.url}/threads/v1.0/"

    @property
    def twilio_api_url(self) -> str:
        """What a stack's ``TwilioApiUrl`` is to be."""
        return f"{self.url}/twilio/2010-04-01/"

    @property
    def sms_voice_api_url(self) -> str:
        """What a stack's ``SmsVoiceApiUrl`` is to be."""
        return f"{self.url}/sms-voice"

    def connect(self, api_url: str) -> None:
        """Tell it where the deployed API is, for deliveries and button presses."""
        self._deployed = api_url.rstrip("/")

    @contextmanager
    def running(self) -> Iterator[Standin]:
        """Serve for the length of the block."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.failures.end()
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def answer(self, asked: Asked) -> Answer:
        """Answer one request, in the way it was told to fail if it was."""
        return self.platforms.answer(asked) or self._service(asked)

    def _service(self, asked: Asked) -> Answer:
        match asked.path:
            case ["slack", "api", method]:
                return self._suffering(method, lambda: self._slack(method, asked))
            case ["response", name]:
                return self._suffering("response_url", lambda: self._respond(name, asked))
            case ["graph", _, *rest]:
                return self._suffering("graph", lambda: self._graph(rest, asked))
            case ["twilio", *_]:
                return self._carried(self.twilio, asked)
            case ["sms-voice"]:
                return self._carried(self.voice, asked)
        return self._own(asked)

    def _carried(self, carrier: TwilioApi | SmsVoiceApi, asked: Asked) -> Answer:
        """Let a carrier take a text, or refuse it in its own words if it was told to."""
        failure = self.failures.next(carrier.name)
        if failure is None:
            return carrier.answer(asked)
        return carrier.refusal(failure) or self._misfortune(failure, lambda: carrier.answer(asked))

    def _own(self, asked: Asked) -> Answer:
        """Answer what is the stand-in's own."""
        match asked.path:
            case ["_fail"]:
                self.failures.ask(**asked.arguments)
                return answer_json({"ok": True})
            case ["_messages"]:
                return answer_json(self.world.as_json())
            case ["_click" | "_form" | "_text" as deed]:
                acts = {"_click": self._click, "_form": self._form, "_text": self._text}
                return acts[deed](asked.arguments)
            case [] | ["_page"]:
                page = self.pages.inner if asked.path else self.pages.whole
                return Answer(200, page(asked.arguments.get("me")), "text/html; charset=utf-8")
        return answer_json({"error": "not found"}, 404)

    def _suffering(self, method: str, act: Callable[[], Answer]) -> Answer:
        failure = self.failures.next(method)
        return act() if failure is None else self._misfortune(failure, act)

    def _misfortune(self, failure: Failure, act: Callable[[], Answer]) -> Answer:
        match failure.how:
            case "429":
                after = {"Retry-After": str(int(failure.seconds))}
                return Answer(429, '{"ok": false, "error": "ratelimited"}', headers=after)
            case "500":
                return Answer(500, "the server is on fire", "text/plain")
            case "garbage":
                return Answer(200, "<html>Sign in to the hotel's network</html>", "text/html")
            case "timeout" | "timeout_after_write":
                late = act() if failure.how == "timeout_after_write" else Answer(504, "", "text/plain")
                self.failures.hang(failure)
                return late
        word = {"revoked": "token_revoked"}.get(failure.how, failure.how)
        return answer_json({"ok": False, "error": word})

    def _slack(self, method: str, asked: Asked) -> Answer:
        return answer_json(self.slack.call(method, asked.arguments, asked.token))

    def _respond(self, name: str, asked: Asked) -> Answer:
        status, body = self.slack.respond(name, asked.arguments)
        return Answer(status, body, "text/plain")

    def _graph(self, path: list[str], asked: Asked) -> Answer:
        token = asked.token or asked.arguments.get("access_token")
        if token in self.dead_tokens:
            return answer_json(DEAD_TOKEN, 401)
        if token and asked.method == "GET" and self.graph_reads.knows(path, asked.arguments):
            status, body = self.graph_reads.read(path, asked.arguments)
            return answer_json(body, status)
        if token and path[1:] == ["subscribed_apps"]:
            self.graph_reads.subscribed = str(asked.arguments.get("subscribed_fields")).split(",")
            return answer_json({"success": True})
        serve = self.graph.read if asked.method == "GET" else self.graph.write
        status, body = serve(path, asked.arguments, token)
        return answer_json(body, status)

    def _click(self, arguments: Json) -> Answer:
        said = self.world.message(str(arguments.get("channel")), str(arguments.get("ts")))
        if said is None:
            return answer_json({"error": "no such message"}, 404)
        user = str(arguments["user"])
        status = self.clicks.press(user, said, str(arguments["action"]))
        if arguments.get("back"):
            return Answer(303, "", headers={"Location": f"/?me={user}"})
        return answer_json({"status": status})

    def _form(self, arguments: Json) -> Answer:
        user = str(arguments["user"])
        try:
            self.forms.act(user, str(arguments.get("do")), arguments)
        except LookupError as fault:
            return answer_json({"error": str(fault)}, 400)
        return Answer(303, "", headers={"Location": f"/?me={user}"})

    def _text(self, arguments: Json) -> Answer:
        """Let somebody text us back, by the carrier of the last text their phone got."""
        phone = str(arguments["phone"])
        came_by = next((text.carrier for text in reversed(self.world.texts) if text.phone == phone), None)
        carriers = {carrier.name: carrier for carrier in (self.twilio, self.voice)}
        if came_by not in carriers:
            return answer_json({"error": "this phone has nothing to answer"}, 404)
        status = carriers[came_by].text(phone, str(arguments.get("text", "")))
        if arguments.get("back"):
            return Answer(303, "", headers={"Location": "/"})
        return answer_json({"status": status})

    def _deliver(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """Send one request to the deployed API, or the same one twice when told ``duplicate``."""
        if self._again("delivery"):
            self._ask(path, body, headers)
        return self._ask(path, body, headers)[0]

    def _ask(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        answer = requests.post(self._deployed + path, data=body, headers=headers, timeout=DELIVERY_SECONDS)
        return answer.status_code, answer.text

    def _again(self, what: str) -> bool:
        failure = self.failures.next(what)
        return failure is not None and failure.how == "duplicate"
