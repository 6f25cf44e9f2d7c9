"""Watches what the emulator's SNS has texted to phones, and lets the world know; sends nothing itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from infra.standin.world import Text, World

LOOK_SECONDS = 0.25

Texts = Callable[[], Sequence[dict[str, Any]]]
"""Returns every text published so far, with MessageId, PhoneNumber and Message."""


@contextmanager
def watched(world: World, texts: Texts) -> Iterator[None]:
    """Keep the world's texts up to date for the length of the block."""
    over = threading.Event()
    seen: set[str] = set()

    def watch() -> None:
        while not over.wait(LOOK_SECONDS):
            look(world, texts, seen)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def look(world: World, texts: Texts, seen: set[str]) -> None:
    """Take over what is new; a text is told once however often it is listed."""
    for text in texts():
        if text["MessageId"] not in seen:
            seen.add(text["MessageId"])
            world.add("sms", Text(text["PhoneNumber"], text["Message"], time.time()))
