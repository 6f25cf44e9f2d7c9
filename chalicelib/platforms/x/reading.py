"""What X's answers to questions mean, whoever asks: sweeps and checks. Source: docs.x.com/x-api/fundamentals/response-codes-and-errors."""

from __future__ import annotations

from chalicelib.errors import NightdeskError, NotFound, Permanent, Transient
from chalicelib.platforms.http import Answered, Call, unclear
from chalicelib.platforms.payload import as_name, dig
from chalicelib.platforms.x.waits import wait_of
from chalicelib.services.reply_faults import TokenDead


def fault_of(answered: Answered, call: Call) -> NightdeskError | None:
    """Return the failure an answer means, or None."""
    if answered.is_good:
        return None
    match answered.status:
        case 401:
            return TokenDead("X's token is revoked or could not be refreshed: connect the account again")
        case 404:
            return NotFound("the account or thread is gone")
        case 429:
            return Transient("X asks us to slow down", retry_after=wait_of(answered))
        case status if status >= 500:  # noqa: PLR2004 - HTTP's own classes
            return unclear(answered, call, "X")
    return Permanent(f"X refused ({answered.status}): {_said(answered.body)}")


def _said(body: object) -> str:
    places = (("detail",), ("error_description",), ("errors", 0, "message"), ("title",), ("error",))
    found = (as_name(dig(body, *place)) for place in places)
    return next((said for said in found if said), "no reason given")
