"""WhatsApp's Cloud API as far as Nightdesk speaks to it: messages both ways, what became of ours, a number's health.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages, its webhooks reference and
support/health-status. A message is accepted first; whether it arrived is told later, by a ``status``.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from typing import Any

from infra.standin.failing import Failure
from infra.standin.meta import Brand, Post, signature
from infra.standin.wire import Answer, Asked, answer_json
from infra.standin.world import Line, World

Json = dict[str, Any]
DAY = 86_400
WABA = "5005"
APP_ID = "7000001"


class WhatsAppApi:
    """A business number and its customers."""

    name = "whatsapp"

    def __init__(self, world: World, brand: Brand, post: Post, now: Callable[[], float]) -> None:
        self._world = world
        self.brand = brand
        self._post = post
        self._now = now
        self._ids = itertools.count(int(time.time()) * 1000)
        self._tokens: dict[str, str] = {}
        self.token = "WA-token"  # noqa: S105 - the stand-in's own
        self.quality = "GREEN"
        self.subscribed = True
        self.templates = [{"name": "followup", "language": "en_GB", "status": "APPROVED"}]
        self.tells = True

    def message(self, phone: str, name: str, text: str) -> tuple[Line, int]:
        """Let a customer write; returns the line and the status of the answer."""
        line = self._said(phone, name, text, "customer")
        said = {
            "from": phone,
            "id": line.id,
            "timestamp": str(int(line.at)),
            "type": "text",
            "text": {"body": text},
        }
        contacts = [{"profile": {"name": name}, "wa_id": phone}]
        return line, self.deliver("messages", {"contacts": contacts, "messages": [said]})

    def echo(self, phone: str, text: str) -> tuple[Line, int]:
        """Let staff answer in the Business app."""
        line = self._said(phone, self.brand.name, text, "brand")
        said = {"from": "1555", "to": phone, "id": line.id, "timestamp": str(int(line.at)), "type": "text"}
        echoes = [{**said, "text": {"body": text}}]
        return line, self.deliver("smb_message_echoes", {"message_echoes": echoes})

    def status(self, line: Line, became: str, *, code: int | None = None) -> int:
        """Tell what became of a message of ours."""
        status = {
            "id": line.id,
            "status": became,
            "timestamp": str(int(self._now())),
            "recipient_id": line.thread[3:],
        }
        if line.id in self._tokens:
            status["biz_opaque_callback_data"] = self._tokens[line.id]
        errors = {"errors": [{"code": code, "title": "Message undeliverable"}]} if code else {}
        return self.deliver("messages", {"statuses": [status | errors]})

    def deliver(self, field: str, value: Json) -> int:
        """Sign one change and post it to the number's hook."""
        metadata = {"display_phone_number": "1555", "phone_number_id": self.brand.id}
        change = {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
        payload = {"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": [change]}]}
        body = json.dumps(payload).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature(body, self.brand.secret),
        }
        return self._post(f"/hooks/whatsapp/{self.brand.app}", body, headers)

    def knows(self, asked: Asked) -> bool:
        """Tell whether a call to the Graph API is about this number or its account."""
        about = {self.brand.id, WABA}
        return asked.path[:1] == ["graph"] and (asked.path[2] in about or asked.token == self.token)

    def answer(self, asked: Asked) -> Answer:
        """Answer one request below ``/graph/{version}/``."""
        if asked.token != self.token:
            return _no(401, 190, "Error validating access token")
        return self._read(asked) if asked.method == "GET" else self._written(asked)

    def _written(self, asked: Asked) -> Answer:
        match asked.path[2:]:
            case [_, "messages"]:
                return self._sent(asked.arguments)
            case [_, "subscribed_apps"]:
                self.subscribed = True
                return answer_json({"success": True})
        return _no(400, 100, f"Unsupported request: {'/'.join(asked.path)}")

    def _read(self, asked: Asked) -> Answer:
        ours = [{"whatsapp_business_api_data": {"id": APP_ID}}] if self.subscribed else []
        match asked.path[2:]:
            case ["debug_token"]:
                return answer_json(
                    {"data": {"is_valid": True, "expires_at": 0, "scopes": [], "app_id": APP_ID}}
                )
            case [_, "subscribed_apps"]:
                return answer_json({"data": ours})
            case [_, "message_templates"]:
                return answer_json({"data": self.templates})
            case [number] if number == self.brand.id:
                return answer_json(self._health())
        return _no(400, 100, f"Unsupported request: {'/'.join(asked.path)}")

    @staticmethod
    def refusal(failure: Failure) -> Answer | None:
        """Refuse as WhatsApp does; None where it has no word of its own for it."""
        return _no(429, 130429, "Rate limit hit") if failure.how == "429" else None

    def _health(self) -> Json:
        entity = {"entity_type": "WABA", "id": WABA, "can_send_message": "AVAILABLE"}
        health = {"can_send_message": "AVAILABLE", "entities": [entity]}
        return {"id": self.brand.id, "quality_rating": self.quality, "health_status": health}

    def _sent(self, said: Json) -> Answer:
        phone = str(said.get("to") or said.get("recipient") or "")
        if fault := self._refused(phone, said):
            return fault
        line = self._said(phone, self.brand.name, _words(said), "nightdesk")
        if token := said.get("biz_opaque_callback_data"):
            self._tokens[line.id] = str(token)
        if self.tells:
            self.status(line, "sent")
        told = {"input": phone, "wa_id": phone}
        return answer_json(
            {"messaging_product": "whatsapp", "contacts": [told], "messages": [{"id": line.id}]}
        )

    def _refused(self, phone: str, said: Json) -> Answer | None:
        heard = [
            line.at for line in self._world.lines if line.thread == f"wa:{phone}" and line.by == "customer"
        ]
        if said.get("type") == "template":
            named = (said["template"]["name"], said["template"]["language"]["code"])
            known = {(one["name"], one["language"]) for one in self.templates if one["status"] == "APPROVED"}
            return None if named in known else _no(404, 132001, "Template name does not exist")
        if not heard or self._now() - max(heard) > DAY:
            return _no(400, 131047, "Re-engagement message")
        return None

    def _said(self, phone: str, author: str, text: str, by: str) -> Line:
        line = Line("whatsapp", f"wa:{phone}", f"wamid.{next(self._ids)}", author, text, by, self._now())
        self._world.add("line", line)
        return line


def _words(said: Json) -> str:
    if said.get("type") != "template":
        return str((said.get("text") or {}).get("body", ""))
    template = said["template"]
    words = [p["text"] for part in template.get("components", []) for p in part["parameters"]]
    return f"[{template['name']}] {' '.join(words)}"


def _no(status: int, code: int, message: str) -> Answer:
    return answer_json({"error": {"message": message, "type": "OAuthException", "code": code}}, status)
