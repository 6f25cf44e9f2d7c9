"""Reads HTTP requests off the wire and writes the answers; knows nothing of who asks what."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: str
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One HTTP request: its path in parts, its query and body merged into arguments, its bearer token."""

    path: list[str]
    arguments: Json
    token: str | None
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_json(body: Json, status: int = 200) -> Answer:
    """Return a JSON answer."""
    return Answer(status, json.dumps(body, ensure_ascii=False))


def handler(answer: Callable[[Asked], Answer]) -> type[BaseHTTPRequestHandler]:
    """Return a handler class for ``http.server`` that serves GET and POST alike."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._write(answer(self._asked()))

        def do_POST(self) -> None:
            self._write(answer(self._asked()))

        do_PUT = do_POST  # noqa: N815 - http.server finds methods by name

        def log_message(self, *_: object) -> None:
            """Stay silent: the story is told by the world, not by an access log."""

        def _write(self, given: Answer) -> None:
            body = given.body.encode("utf-8", "replace")
            try:
                self.send_response(given.status)
                for name, value in {"Content-Type": given.content_type, **given.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True

        def _asked(self) -> Asked:
            where = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            given = dict(parse_qsl(where.query)) | _parsed(body, self.headers.get("Content-Type", ""))
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ").strip()
            parts = [part for part in where.path.split("/") if part]
            return Asked(parts, given, token or None, self.command, dict(self.headers))

    return Handler


def _parsed(body: bytes, content_type: str) -> Json:
    if "json" in content_type:
        return dict(json.loads(body or b"{}"))
    return {name: _maybe_json(value) for name, value in parse_qsl(body.decode(), keep_blank_values=True)}


def _maybe_json(value: str) -> Any:  # noqa: ANN401 (JSON)
    """Read an object that came as JSON text inside a form, as the Graph API takes them."""
    if value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
