"""What goes wrong at the command line, in sentences: what happened, and which setting to change."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable

from chalicelib.errors import NightdeskError

SETTINGS = {
    "NoCredentialsError": "No AWS credentials. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    "NoRegionError": "No AWS region. Set AWS_DEFAULT_REGION, for example eu-west-1.",
    "ExpiredToken": "The AWS credentials have expired: sign in again.",
    "ExpiredTokenException": "The AWS credentials have expired: sign in again.",
    "InvalidClientTokenId": "AWS does not know these credentials: look at AWS_PROFILE and AWS_ACCESS_KEY_ID.",
}


class CommandError(Exception):
    """A command cannot go on; the sentence says what to do."""


def explained(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Turn what can be foreseen into a sentence on standard error and exit status 1; a bug keeps its traceback."""

    def command(args: argparse.Namespace) -> int:
        try:
            status = run(args)
            sys.stdout.flush()
        except BrokenPipeError:  # whoever reads what we print has seen enough, as `| head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except Exception as error:
            told = sentence(error)
            if told is None:
                raise
            print(f"error: {told}", file=sys.stderr)
            return 1
        return status

    return command


def sentence(error: Exception) -> str | None:
    """Say what to do about an error, or None about a bug. Errors of AWS's are known without loading its library."""
    if isinstance(error, CommandError | NightdeskError):
        return str(error)
    if isinstance(error, EOFError):
        return "There is nobody to ask: run this in a terminal, and answer what it asks."
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | OSError):
        return input_sentence(error)
    if not any(kind.__module__ == "botocore.exceptions" for kind in type(error).__mro__):
        return None
    code = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
    return SETTINGS.get(code, str(error))


def input_sentence(error: json.JSONDecodeError | UnicodeDecodeError | OSError) -> str:
    """Say what is wrong with a file or a stream that a person named."""
    if isinstance(error, json.JSONDecodeError):
        return f"The input is not JSON: {error}."
    if isinstance(error, UnicodeDecodeError):
        return f"The input is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}."
    return f"{error.filename}: {error.strerror}." if error.filename else str(error)
