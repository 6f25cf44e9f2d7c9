"""Fails on purpose: holds what was asked for by ``POST /_fail`` and says what a call is to suffer. No HTTP here."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """One misfortune; ``seconds`` is how long a time-out lasts or what ``Retry-After`` says.

    ``how`` is 429, 500, garbage, timeout, timeout_after_write, revoked or duplicate; anything else is taken for one
    of Slack's own error words, such as ``channel_not_found``.
    """

    how: str
    seconds: float = 1


class Failures:
    """Misfortunes waiting for their calls, by method; each is used up once."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Failure]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._over = threading.Event()

    def ask(self, method: str, how: str, *, times: int = 1, seconds: float = 1) -> None:
        """Let the next ``times`` calls of ``method`` fail."""
        with self._lock:
            self._waiting[method].extend([Failure(how, seconds)] * times)

    def forget(self, *methods: str) -> None:
        """Let the calls of these methods succeed again."""
        with self._lock:
            for method in methods:
                self._waiting.pop(method, None)

    def next(self, method: str) -> Failure | None:
        """Take the misfortune of this call, if there is one."""
        with self._lock:
            waiting = self._waiting[method]
            return waiting.popleft() if waiting else None

    def hang(self, failure: Failure) -> None:
        """Keep a caller waiting, but never longer than the stand-in lives."""
        self._over.wait(failure.seconds)

    def end(self) -> None:
        """Let everything that hangs go."""
        self._over.set()
