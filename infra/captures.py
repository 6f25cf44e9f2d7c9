"""Captured deliveries as `verify-delivery` reads them: one JSON object whose values have the kinds they should."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from infra.failures import CommandError

KEYS = """\
the file is one JSON object:
  platform         facebook, instagram, ..., or slack, twilio
  kind             body_signature (if left out), handshake, crc, challenge or appsecret_proof
  secret           one or a list; secrets means the same
  verify_token     a handshake's, where it is not the secret
  method, url      of the request (POST); the url where the signature covers it
  headers, query   objects of texts
  raw_body         the body as received, or raw_body_base64
  apigw            instead: headers, body and isBase64Encoded as API Gateway gave them
  now              seconds since 1970 or ISO 8601, where age matters; the clock's if left out
  input            for appsecret_proof: {"access_token": "..."}

The exit status is 0 whenever there is a verdict; "accepted" says which."""


def read_capture(text: bytes) -> dict[str, Any]:
    """Read one capture. Raises: CommandError naming the key that is wrong; JSONDecodeError, UnicodeDecodeError."""
    try:
        captured = json.loads(text)
    except RecursionError as fault:
        raise CommandError("The capture is nested more deeply than any delivery.") from fault
    if not isinstance(captured, dict):
        raise CommandError('A capture is one JSON object: {"platform": "facebook", "headers": {}, ...}.')
    _demand(
        captured, _is_text, "a text", "kind", "method", "url", "verify_token", "raw_body", "raw_body_base64"
    )
    _demand(captured, _is_texts, "a text or a list of texts", "secret", "secrets")
    _demand(captured, _is_object, "an object", "headers", "query", "apigw", "input")
    gateway = captured.get("apigw") or {}
    _demand(gateway, _is_object, "an object", "headers", within="apigw.")
    if captured.get("kind") == "appsecret_proof":
        _demand_token(captured)
    return captured


def _demand_token(captured: Mapping[str, Any]) -> None:
    if not (captured.get("secret") or captured.get("secrets")):
        raise CommandError('An appsecret_proof needs the app\'s secret: write "secret": "...".')
    token = (captured.get("input") or {}).get("access_token")
    if not isinstance(token, str) or not token.isprintable():
        raise CommandError('An appsecret_proof needs a token: write "input": {"access_token": "..."}.')


def _demand(
    table: Mapping[str, Any], fits: Callable[[object], bool], what: str, *keys: str, within: str = ""
) -> None:
    for key in keys:
        if table.get(key) is not None and not fits(table[key]):
            raise CommandError(f"The capture's {within}{key} is not {what}.")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    """Tell one secret or several; half an emoji is none, and cannot have signed anything."""
    listed = value if isinstance(value, list) else [value]
    return all(isinstance(one, str) and one.isprintable() for one in listed)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)
