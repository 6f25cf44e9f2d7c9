"""What Meta's error codes mean for us, in words a person can act on.

Source: developers.facebook.com/docs/graph-api/guides/error-handling, docs/messenger-platform/error-codes,
docs/graph-api/reference/page/messages and docs/whatsapp/cloud-api/support/error-codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from chalicelib.errors import NightdeskError, NotFound, Permanent, Transient
from chalicelib.platforms.http import Answered, Call, retry_after, unclear
from chalicelib.platforms.payload import as_id, as_items, as_map, as_name, dig, parse
from chalicelib.services.reply_faults import TokenDead, WindowClosed

_TOKENS = {
    "458": "the brand removed our app: connect the account again",
    "459": "the token's owner must log in to Facebook and clear a checkpoint",
    "460": "the token's owner changed the password: connect the account again",
    "463": "the token has expired: connect the account again",
    "464": "the token's owner must log in to Facebook and clear a checkpoint",
    "467": "the token was made invalid: connect the account again",
    "492": "the token's owner lost the role on the Page: give it back, or connect with another person",
}
_OUTSIDE = frozenset({"2018278", "2018001", "2534022"})
_THROTTLED = frozenset(
    {"4", "17", "32", "613", "130429", "131048", "131056", *(str(code) for code in range(80000, 80015))}
)
_TEMPORARY = frozenset({"1", "2", "9007", "131016"})
_SAID: Mapping[str, str] = {
    "368": "Meta has blocked this account's actions for a while: stop automations and look at Page Quality",
    "551": "this person cannot receive messages right now: answer in public or another way",
    "10900": "this comment has had its one private reply already: answer in public",
    "10903": "a private reply to this person is not possible: answer in public",
    "10904": "the Page has messages switched off in its settings",
    "131026": "this person cannot receive the message on WhatsApp: reach them another way",
    "131031": "the WhatsApp account is locked: see WhatsApp Manager",
    "131042": "WhatsApp's billing needs attention: see WhatsApp Manager, payment settings",
    "131045": "the number is not registered: register it again in WhatsApp Manager",
    "131049": "WhatsApp held the message back, for the customer has had many from businesses: try tomorrow",
    "131051": "WhatsApp does not support this kind of message",
    "132000": "the template wants another number of variables: it must have exactly one, in its body",
    "132001": "there is no such template in this language, or it is not approved: see WhatsApp Manager, templates",
    "132005": "the answer is too long for the template: shorten it",
    "132007": "WhatsApp holds the template to break its rules: see WhatsApp Manager, templates",
    "132012": "the template's variable is of another form: it must be plain text",
    "132015": "WhatsApp paused the template for its quality: see WhatsApp Manager, templates",
    "132016": "WhatsApp switched the template off for its quality: write another and name it in the team file",
}
_PERMISSIONS = range(200, 300)
_GONE = "33"


def fault(answered: Answered, call: Call, platform: str) -> NightdeskError | None:
    """Return what an answer means, or None if it is a good one. Unknown refusals carry Meta's own words."""
    error = as_map(dig(answered.body, "error"))
    if answered.is_good and not error:
        return None
    code, sub = as_id(error.get("code")) or "", as_id(error.get("error_subcode")) or ""
    said = as_name(error.get("message")) or f"status {answered.status}"
    known = _token(code, sub) or _refusal(code, sub) or _throttle(code, answered)
    if known:
        return known
    if answered.status >= 500 or not error:  # noqa: PLR2004 - HTTP's own classes
        return unclear(answered, call, platform)
    if code in _TEMPORARY:
        return Transient(f"{platform} has a temporary fault: {said}")
    return Permanent(f"{platform} refused (code {code}{f'/{sub}' if sub else ''}): {said}")


def _token(code: str, sub: str) -> NightdeskError | None:
    if code not in {"190", "102"}:
        return None
    return TokenDead(f"the access token is dead: {_TOKENS.get(sub, 'connect the account again')}")


def _refusal(code: str, sub: str) -> NightdeskError | None:
    if code in {"10", "200"} and sub in _OUTSIDE:
        return WindowClosed("24 hours have passed since the person's last message: answer another way")
    if code == "131047":
        return WindowClosed(
            "24 hours have passed since the person's last message: only a template may go out"
        )
    if code == "100" and sub == _GONE:
        return NotFound("the post is gone, or we may not see it any more")
    if code in _SAID:
        return Permanent(_SAID[code])
    if code == "10" or (code.isdigit() and int(code[:9]) in _PERMISSIONS):
        return Permanent(f"the app lacks a permission (code {code}): see the platform's page, Connect it")
    return None


def _throttle(code: str, answered: Answered) -> Transient | None:
    if code not in _THROTTLED and answered.status != 429:  # noqa: PLR2004 - too many requests
        return None
    headers = {name.lower(): value for name, value in answered.headers.items()}
    minutes = max(_waits(headers.get("x-business-use-case-usage", "")), default=0)
    wait = timedelta(minutes=minutes) if minutes else retry_after(headers.get("retry-after"))
    return Transient(f"Meta asks us to slow down (code {code})", retry_after=wait)


def _waits(usage: str) -> Iterator[int]:
    """Give every waiting time of the header: minutes, by business and by kind of call."""
    try:
        by_business = as_map(parse(usage.encode()))
    except ValueError:
        return
    for kinds in by_business.values():
        for kind in as_items(kinds):
            minutes = dig(kind, "estimated_time_to_regain_access")
            if isinstance(minutes, int) and 0 < minutes <= 24 * 60:
                yield minutes
