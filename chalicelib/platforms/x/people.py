"""Who is who on X: users listed beside an event, sometimes wrapped in ``{data: {...}}``, and pairs of talkers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.platforms.payload import as_count, as_id, as_items, as_map, as_name, dig


@dataclass(frozen=True, slots=True)
class Person:
    """What the payload tells of an author besides the id."""

    name: str | None = None
    handle: str | None = None
    followers: int | None = None
    verified: bool = False


def in_list(users: object, user_id: str | None) -> Person:
    """Find a person in ``includes.users``."""
    listed = (as_map(dig(user, "data")) or as_map(user) for user in as_items(users))
    return _person(next((user for user in listed if user_id and as_id(user.get("id")) == user_id), {}))


def in_map(users: object, user_id: str) -> Person:
    """Find a person in a direct message's ``users``, keyed by id."""
    user = as_map(as_map(users).get(user_id))
    return _person(as_map(user.get("data")) or user)


def pair(one: str, other: str) -> str:
    """Return the id of a one-to-one conversation: both ids, the smaller number first."""
    return "-".join(sorted((one, other), key=lambda user: (len(user), user)))


def _person(user: Mapping[str, object]) -> Person:
    handle = as_name(user.get("username")) or as_name(user.get("screen_name"))
    counts = dig(user, "public_metrics", "followers_count"), user.get("followers_count")
    followers = next((count for count in map(as_count, counts) if count is not None), None)
    return Person(as_name(user.get("name")), handle, followers, _is_verified(user))


def _is_verified(user: Mapping[str, object]) -> bool:
    """Tell whether X vouches for somebody; a mark that anybody can buy does not."""
    return user.get("verified") is True and user.get("verified_type") not in {"blue", "none"}
