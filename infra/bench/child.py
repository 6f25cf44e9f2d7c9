"""Runs alone in a fresh interpreter: imports an unpacked function's `app` and answers one event, again and again.

It tells how long each took, in seconds on the clock and of the processor. The order comes as JSON on standard input, the answer leaves as the last line of standard output. Only the standard
library is here: whatever else is loaded is the measured function's doing.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

Taken = tuple[float, float]


class Context:
    """What the application looks at of Lambda's context."""

    function_name = "bench"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:bench"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        """Say that there is time."""
        return 10_000


def main() -> None:
    """Do as told: ``{"event": an API Gateway event or null, "times": n}``."""
    order = json.load(sys.stdin)
    imported, module = timed(lambda: import_module("app"))
    answers = [answered(module, order["event"]) for _ in range(order["times"])]
    sys.stdout.write("\n" + json.dumps({"import": imported, "answers": answers}) + "\n")


def answered(module: Any, event: dict[str, Any]) -> Taken:  # noqa: ANN401 - a module
    """Answer once. Raises: SystemExit when the answer is not 200."""
    taken, answer = timed(lambda: module.app(dict(event), Context()))
    if answer["statusCode"] != 200:  # noqa: PLR2004
        sys.exit(f"answered {answer}")
    return taken


def timed(work: Callable[[], Any]) -> tuple[Taken, Any]:
    """Do the work; return the seconds that passed and those the processor worked, and what came of it."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return (time.perf_counter() - wall, time.process_time() - cpu), result


if __name__ == "__main__":
    main()
