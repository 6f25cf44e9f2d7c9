"""A stand-in listening on a free port, connected to an API that only remembers what it was sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.standin.meta import Brand
from infra.standin.pages import Person
from infra.standin.server import Standin

SECRET = "slack-signing-secret"
PAGE = Brand("facebook", "1029384756", "Acme Air", "acme-meta", "meta-secret")


class Deployed:
    """Stands where the deployed API would; ``got`` holds (path, headers, body)."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/api"


@pytest.fixture
def deployed() -> Iterator[Deployed]:
    made = Deployed()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def standin(deployed: Deployed) -> Iterator[Standin]:
    people = [Person("Ana", "U01", "+447700900001"), Person("Ben", "U02", "+447700900002")]
    made = Standin(signing_secret=SECRET, brands=[PAGE], people=people)
    made.connect(deployed.url)
    with made.running():
        yield made
