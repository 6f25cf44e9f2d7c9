"""Meta's Graph API as far as Nightdesk writes to it: replies to comments and messages, answered as documented.

Source: https://developers.facebook.com/docs/graph-api/reference/object/comments and
https://developers.facebook.com/docs/messenger-platform/reference/send-api. Every reply is echoed back as a
signed delivery, which may arrive before the call itself returns, as it may in real life.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from infra.standin.meta import Brand, Meta
from infra.standin.world import Line, World

Json = dict[str, Any]
APP_ID = "7000001"


class GraphApi:
    """The brand's pages, for callers who hold an access token."""

    def __init__(self, world: World, meta: Meta, *, echoes: bool = True) -> None:
        self._world = world
        self._meta = meta
        self.echoes = echoes

    def write(self, path: list[str], arguments: Json, token: str | None) -> tuple[int, Json]:
        """Answer ``POST /{id}/{edge}``: status and body."""
        if fault := self._stranger(arguments, token):
            return fault
        match path:
            case [target, "comments" | "replies"]:
                return self._reply(target, str(arguments.get("message", "")))
            case [page, "messages"]:
                return self._message(page, arguments)
            case [target] if "is_hidden" in arguments or "hide" in arguments:
                return self._hide(target)
        return _no(400, 100, f"Unsupported post request: {'/'.join(path)}")

    def read(self, path: list[str], arguments: Json, token: str | None) -> tuple[int, Json]:
        """Answer ``GET /{id}/{edge}``, newest first: what was said under a comment or to a person."""
        if fault := self._stranger(arguments, token):
            return fault
        match path:
            case [target, "comments" | "replies"] if parent := self._world.line(target):
                return 200, {"data": self._said(parent.platform, parent.thread)}
            case [page, "conversations"] if brand := self._meta.brands.get(page):
                said = self._said(brand.platform, f"dm:{arguments.get('user_id')}")
                return 200, {"data": [{"id": "t_1", "messages": {"data": said}}] if said else []}
        return _no(400, 100, f"Unsupported get request: {'/'.join(path)}")

    def _stranger(self, arguments: Json, token: str | None) -> tuple[int, Json] | None:
        return self._proof(arguments, token) if token else _no(401, 190, "An access token is required")

    def _said(self, platform: str, thread: str) -> list[Json]:
        lines = [line for line in self._world.lines if (line.platform, line.thread) == (platform, thread)]
        return [_shown(line, self._brand_of(line)) for line in reversed(lines) if not line.deleted]

    def _reply(self, target: str, text: str) -> tuple[int, Json]:
        parent = self._world.line(target)
        brand = self._brand_of(parent)
        if parent is None or brand is None or parent.deleted:
            return _no(400, 100, "Object does not exist, cannot be loaded, or was deleted")
        if not text or len(text) > 8000:  # noqa: PLR2004
            return _no(400, 100, "(#100) message must have between 1 and 8000 characters")
        line = self._meta.new_line(brand, parent.thread, text)
        if self.echoes:
            self._meta.echo_comment(brand, line, target)
        return 200, {"id": line.id}

    def _hide(self, target: str) -> tuple[int, Json]:
        """Hide a comment; hiding it again changes nothing."""
        line = self._world.line(target)
        if line is None or line.deleted:
            return _no(400, 100, "Object does not exist, cannot be loaded, or was deleted")
        line.hidden = True
        return 200, {"success": True}

    def _message(self, page: str, arguments: Json) -> tuple[int, Json]:
        brand, to = self._meta.brands.get(page), arguments.get("recipient") or {}
        said = arguments.get("message") or {}
        text, metadata = str(said.get("text", "")), said.get("metadata") or arguments.get("metadata")
        if brand is None:
            return _no(400, 100, f"Object {page} does not exist")
        if not text or len(text) > 2000:  # noqa: PLR2004
            return _no(400, 100, "(#100) message text must have between 1 and 2000 characters")
        person = str(to.get("id") or to.get("comment_id") or to.get("post_id") or "")
        if not person:
            return _no(400, 100, "(#100) recipient is required")
        line = self._meta.new_line(brand, f"dm:{person}", text)
        if self.echoes:
            self._meta.echo_message(brand, line, person, metadata, APP_ID)
        return 200, {"recipient_id": person, "message_id": line.id}

    def _brand_of(self, line: Line | None) -> Brand | None:
        if line is None:
            return None
        return next((b for b in self._meta.brands.values() if b.platform == line.platform), None)

    def _proof(self, arguments: Json, token: str) -> tuple[int, Json] | None:
        """Check ``appsecret_proof`` where one is sent: it must be some bound app's."""
        given = arguments.get("appsecret_proof")
        proofs = {
            hmac.new(b.secret.encode(), token.encode(), hashlib.sha256).hexdigest() for b in self._brands()
        }
        if given is None or given in proofs:
            return None
        self._world.complain("a Graph call carried a wrong appsecret_proof")
        return _no(400, 100, "Invalid appsecret_proof provided in the API argument")

    def _brands(self) -> list[Brand]:
        return list(self._meta.brands.values())


def _shown(line: Line, brand: Brand | None) -> Json:
    ours = brand is not None and line.by != "customer"
    author = {"id": brand.id if brand and ours else line.author, "name": line.author}
    created = datetime.fromtimestamp(line.at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {"id": line.id, "message": line.text, "text": line.text, "from": author, "created_time": created}


def _no(status: int, code: int, message: str) -> tuple[int, Json]:
    return status, {
        "error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Standin"}
    }
