"""The composition root: the one place that names concrete classes and says which of them work together.

Everything is built when first asked for and kept for the life of the process, so that a function pays only for
what it uses: the webhook never loads Slack's client, the tick never loads a judge. ``world`` holds the adapters,
``use_cases`` what is done with them, ``looking`` what checks the rest, ``functions`` what AWS invokes.
"""

from __future__ import annotations

from functools import cache

from chalicelib.settings import read_settings
from chalicelib.wiring.functions import Container

__all__ = ["Container", "container"]


@cache
def container() -> Container:
    """Return this process' container. Raises: Misconfigured naming every setting at fault."""
    return Container(read_settings())
