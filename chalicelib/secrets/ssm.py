"""Secrets from SSM's parameter store, under the stage's prefix, decrypted and kept for five minutes.

A value of several lines is a rotation (``services.rotation`` reads it). When SSM cannot answer, a value known
before is still used: a secret rarely changes, and a page must not wait for one. Tokens that were renewed are written
here too. Nothing here shows a value.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.aws import make_client, translating
from chalicelib.errors import Misconfigured, Transient

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

KEPT_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Known:
    value: str = field(repr=False)
    until: float


class SsmSecrets:
    """``Vault``. ``elapsed`` is a clock that only goes forward, in seconds."""

    def __init__(
        self, prefix: str, *, client: SSMClient | None = None, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._prefix = prefix.rstrip("/")
        self._given = client
        self._elapsed = elapsed
        self._known: dict[str, _Known] = {}

    @cached_property
    def _client(self) -> SSMClient:
        client: SSMClient = self._given or make_client("ssm")
        return client

    def get(self, name: str) -> str:
        known = self._known.get(name)
        if known is not None and self._elapsed() < known.until:
            return known.value
        try:
            value = self._read(f"{self._prefix}/{name}")
        except Transient:
            if known is None:
                raise
            return known.value
        return self._kept(name, value)

    def anew(self, name: str) -> str:
        return self._kept(name, self._read(f"{self._prefix}/{name}"))

    def put(self, name: str, value: str) -> None:
        parameter = f"{self._prefix}/{name}"
        with translating(f"keeping the secret {parameter}"):
            self._client.put_parameter(Name=parameter, Value=value, Type="SecureString", Overwrite=True)
        self._kept(name, value)

    def _kept(self, name: str, value: str) -> str:
        self._known[name] = _Known(value, self._elapsed() + KEPT_FOR.total_seconds())
        return value

    def _read(self, parameter: str) -> str:
        with translating(f"reading the secret {parameter}"):
            try:
                answer = self._client.get_parameter(Name=parameter, WithDecryption=True)
            except self._client.exceptions.ParameterNotFound as error:
                raise Misconfigured(_how_to_create(parameter)) from error
        return answer["Parameter"]["Value"]


def _how_to_create(parameter: str) -> str:
    return (
        f"the secret {parameter} is missing; create it: "
        f"aws ssm put-parameter --type SecureString --name {parameter} --value ..."
    )
