"""A link in a text is one press away on the stand-in's phone, and what stands around it stays words."""

from __future__ import annotations

import time

import requests

from infra.standin.server import Standin
from infra.standin.world import Text
from tests.standin.conftest import standin

__all__ = ["standin"]


def test_a_link_in_a_text_can_be_pressed_and_markup_cannot(standin: Standin) -> None:
    link = "http://127.0.0.1:4566/_aws/execute-api/a1b2/api/l/abcdefghij123456"
    words = f"Acme Air: answer by 03:00. <script>alert(1)</script> {link}"
    standin.world.add("sms", Text("+447700900001", words, time.time(), "sns"))
    page = requests.get(standin.url, timeout=10).text
    assert f'href="{link}"' in page
    assert 'rel="noopener noreferrer"' in page
    assert "<script>alert" not in page
