"""A broken connection is told apart: before the request left, nothing was sent; after, nobody knows."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from chalicelib.errors import OutcomeUnknown, Transient
from chalicelib.platforms.http import Call, Http

POST = Call("POST", "x", "2/tweets", {"proof": "1"}, {"text": "hé"})
GET = Call("GET", "x", "2/tweets", publishes=False)
Act = Callable[[socket.socket, bytes], None]


def whole_request(taken: socket.socket) -> bytes:
    """Read a request's head and as much body as it announces: they may come apart."""
    request = taken.recv(65536)
    head, _, body = request.partition(b"\r\n\r\n")
    announced = re.search(rb"(?i)content-length: (\d+)", head)
    while announced and len(body) < int(announced[1]):
        body += taken.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def server(act: Act) -> Iterator[tuple[str, list[bytes]]]:
    """Take one connection, read the request, act."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            taken, _ = listening.accept()
            with taken:
                seen.append(whole_request(taken))
                act(taken, seen[0])

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", seen
        thread.join(2)


def answer(status: str, body: str) -> Act:
    def act(taken: socket.socket, _request: bytes) -> None:
        taken.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nX-Left: 3\r\n\r\n{body}".encode())

    return act


def hang_up(taken: socket.socket, _request: bytes) -> None:
    taken.close()


def say_nothing(taken: socket.socket, _request: bytes) -> None:
    taken.settimeout(2)
    taken.recv(1)


def test_a_call_is_made_as_planned_and_the_token_stays_out_of_the_address() -> None:
    with server(answer("201 Created", '{"id": "1"}')) as (url, seen):
        answered = Http().send(url, POST, "secret-token")
    head = seen[0].split(b"\r\n\r\n")[0]
    assert (answered.status, answered.body, answered.headers["X-Left"]) == (201, {"id": "1"}, "3")
    assert head.startswith(b"POST /2/tweets?proof=1 HTTP/1.1")
    assert b"Authorization: Bearer secret-token" in head


@pytest.mark.parametrize("body", ["", "<html>", "[1"])
def test_an_answer_that_is_not_json_is_an_empty_object(body: str) -> None:
    with server(answer("502 Bad Gateway", body)) as (url, _seen):
        assert Http().send(url, POST, "t").body == {}


def test_a_redirect_is_not_followed() -> None:
    with server(answer("302 Found", "")) as (url, _seen):
        assert Http().send(url, POST, "t").status == 302


def test_nobody_listening_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Transient) as fault:
        Http().send(f"http://127.0.0.1:{port}/", POST, "t")
    assert type(fault.value) is Transient


@pytest.mark.parametrize("act", [hang_up, say_nothing])
def test_a_connection_lost_after_the_request_leaves_the_outcome_unknown(act: Act) -> None:
    with server(act) as (url, _seen), pytest.raises(OutcomeUnknown):
        Http(timeout=(1, 0.2)).send(url, POST, "t")


@pytest.mark.parametrize("act", [hang_up, say_nothing])
def test_what_publishes_nothing_may_simply_be_asked_again(act: Act) -> None:
    with server(act) as (url, _seen), pytest.raises(Transient) as fault:
        Http(timeout=(1, 0.2)).send(url, GET, "t")
    assert type(fault.value) is Transient


def test_neither_token_nor_words_stand_in_a_failure() -> None:
    with server(hang_up) as (url, _seen), pytest.raises(OutcomeUnknown) as fault:
        Http(timeout=(1, 0.2)).send(url, POST, "secret-token")
    assert "secret" not in str(fault.value)
    assert "hé" not in str(fault.value)


def test_a_path_from_the_root_leaves_the_version_behind_and_a_form_is_sent_as_one() -> None:
    call = Call("POST", "x", "/2/oauth2/token", form={"grant_type": "a b"}, scheme="Basic")
    with server(answer("200 OK", "{}")) as (url, seen):
        Http().send(f"{url}v1.0/", call, "proof")
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /2/oauth2/token HTTP/1.1")
    assert b"Authorization: Basic proof" in head
    assert b"application/x-www-form-urlencoded" in head
    assert body == b"grant_type=a+b"


def test_without_a_token_nothing_is_shown() -> None:
    with server(answer("200 OK", "{}")) as (url, seen):
        Http().send(url, GET, "")
    assert b"Authorization" not in seen[0]
