"""``python -m infra classify``: judge posts from JSON lines, one judgement a line; it stores and sends nothing."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from chalicelib.classifier.record import as_record
from chalicelib.classifier.trained import TrainedJudge
from chalicelib.domain.judgement import Context
from chalicelib.errors import Misconfigured

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from chalicelib.domain.judgement import Judgement

_KNOWN = {field.name for field in dataclasses.fields(Context)}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this module's commands to the operator's command line."""
    classify = subparsers.add_parser(
        "classify",
        help="judge posts: JSON lines in, one judgement per line out",
        description="Judge posts from JSON lines, one judgement a line. Nothing is stored or sent.",
        epilog="example: python -m infra classify posts.jsonl",
    )
    classify.add_argument(
        "file",
        nargs="?",
        help='JSON lines {"id", "text", optional "context"}; standard input if left out or "-"',
    )
    classify.set_defaults(func=run_classify)


def run_classify(arguments: argparse.Namespace) -> int:
    """Judge every line; a line that cannot be read is reported with its number and nothing is skipped silently."""
    if arguments.file in (None, "-"):
        return write_judgements(sys.stdin, sys.stdout)
    with Path(arguments.file).open(encoding="utf-8") as lines:
        return write_judgements(lines, sys.stdout)


def write_judgements(lines: Iterable[str], out: TextIO) -> int:
    """Write one JSON judgement per line of ``lines``, in order; returns the exit status."""
    judge = TrainedJudge()
    for post in _posts(lines):
        judgement = judge.classify(post.get("text"), _context(post.get("context") or {}))
        out.write(_line(_answer(post, judgement)))
    return 0


def _line(answer: dict[str, Any]) -> str:
    """Return the answer as one line; half a character, in an id, is written as JSON escapes it."""
    text = json.dumps(answer, ensure_ascii=False)
    halves = any("\ud800" <= c <= "\udfff" for c in text)
    return (json.dumps(answer) if halves else text) + "\n"


def _answer(post: dict[str, Any], judgement: Judgement) -> dict[str, Any]:
    return {"id": post.get("id"), **as_record(judgement)}


def _posts(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _post(number, line)


def _post(number: int, line: str) -> dict[str, Any]:
    try:
        post = json.loads(line.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise Misconfigured(f"line {number} is not JSON ({error}): write one object per line") from error
    except ValueError as error:
        raise Misconfigured(f"line {number} holds a number too long to read: write it as a string") from error
    except RecursionError as error:
        raise Misconfigured(f"line {number} is nested more deeply than any post") from error
    if not isinstance(post, dict) or not isinstance(post.get("text"), str | None):
        raise Misconfigured(f'line {number} is not a post: write {{"id": "1", "text": "..."}}')
    if not isinstance(post.get("context"), dict | None):
        raise Misconfigured(f'line {number}: "context" is not an object: write {{"has_media": true}}')
    return post


def _context(given: dict[str, Any]) -> Context:
    """Read what we know of a context; words we do not know are left to those who do."""
    return Context(**{name: value for name, value in given.items() if name in _KNOWN})
