"""How long a text is worth delivering. A page that comes after the next step has fired wakes somebody for nothing."""

from __future__ import annotations

from datetime import timedelta

USEFUL_FOR = timedelta(minutes=10)
"""A phone that is off hears of it when it is on again, unless ten minutes have passed: the ladder has gone on."""
