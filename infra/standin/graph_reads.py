"""Meta's Graph API as far as Nightdesk looks at it: feeds with their comments, conversations, subscriptions, tokens.

Source: https://developers.facebook.com/docs/graph-api/results (pages and cursors). Everything is shown newest first,
``page`` items at a time, by what the world holds: whether a webhook told of it plays no part.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from infra.standin.graph_api import APP_ID
from infra.standin.graph_people import GraphPeople
from infra.standin.meta import Brand, Meta
from infra.standin.world import Line, World

Json = dict[str, Any]
EVERYTHING = (
    *("feed", "mention", "ratings", "messages", "message_echoes", "message_edits", "message_reactions"),
    *("messaging_postbacks", "standby", "comments", "live_comments", "mentions"),
)
"""What a webhook in good order is told of."""


class GraphReads:
    """What stands on the brand's pages, a few items at a time."""

    def __init__(self, world: World, meta: Meta, *, page: int = 10) -> None:
        self._world = world
        self._meta = meta
        self._page = page
        self.subscribed = list(EVERYTHING)
        self.people = GraphPeople()

    def knows(self, path: list[str], arguments: Json) -> bool:
        """Tell whether this is a sweep's question; looking for one reply is not."""
        match path:
            case ["debug_token"] | [_, "subscribed_apps"]:
                return True
            case [owner, "feed" | "media"]:
                return owner in self._meta.brands
            case [_, "comments"]:
                return "filter" in arguments or self._world.line(path[0]) is None
            case [owner, "conversations"]:
                return owner in self._meta.brands and "user_id" not in arguments
        return self.people.knows(path, arguments)

    def read(self, path: list[str], arguments: Json) -> tuple[int, Json]:
        """Answer ``GET /{id}/{edge}``: one page of it, and where the next begins."""
        start = int(arguments.get("after") or 0)
        match path:
            case ["debug_token"]:
                return 200, {"data": {"is_valid": True, "expires_at": 0, "scopes": [], "app_id": APP_ID}}
            case [_, "subscribed_apps"]:
                others = {"id": "9000009", "name": "The brand's CRM", "subscribed_fields": list(EVERYTHING)}
                ours = {"id": APP_ID, "name": "Nightdesk", "subscribed_fields": self.subscribed}
                return 200, {"data": [others, ours]}
            case [owner, "conversations"]:
                return 200, self._conversations(self._meta.brands[owner], start)
            case [thread, "comments"]:
                return 200, self._comments(thread, start)
            case [_]:
                return self.people.read(path, arguments)
        return 200, self._roots(self._meta.brands[path[0]], start)

    def _roots(self, brand: Brand, start: int) -> Json:
        threads = {line.thread: line.at for line in self._lines(brand) if not line.thread.startswith("dm:")}
        shown = [self._root(brand, thread, threads[thread]) for thread in reversed(threads)]
        return self._paged(shown, start)

    def _root(self, brand: Brand, thread: str, at: float) -> Json:
        author = {"id": brand.id, "name": brand.name}
        made = _when(at)
        return {
            "id": thread,
            "from": author,
            "created_time": made,
            "timestamp": made,
            "comments": self._comments(thread, 0),
        }

    def _comments(self, thread: str, start: int) -> Json:
        lines = [line for line in self._world.lines if line.thread == thread and not line.deleted]
        return self._paged([self._shown(line) for line in _newest(lines)], start)

    def _conversations(self, brand: Brand, start: int) -> Json:
        talks: dict[str, list[Line]] = {}
        for line in self._lines(brand):
            if line.thread.startswith("dm:"):
                talks.setdefault(line.thread, []).append(line)
        shown = [
            {
                "id": f"t_{thread}",
                "updated_time": _when(max(line.at for line in lines)),
                "messages": self._paged([self._shown(line) for line in _newest(lines)], 0),
            }
            for thread, lines in talks.items()
        ]
        return self._paged(shown, start)

    def _lines(self, brand: Brand) -> list[Line]:
        return [line for line in self._world.lines if line.platform == brand.platform and not line.deleted]

    def _shown(self, line: Line) -> Json:
        brand = next(b for b in self._meta.brands.values() if b.platform == line.platform)
        ours = line.by != "customer"
        who = (
            {"id": brand.id, "name": brand.name} if ours else {"id": f"{line.author}-id", "name": line.author}
        )
        made = _when(line.at)
        return {
            "id": line.id,
            "message": line.text,
            "text": line.text,
            "from": who,
            "to": {"data": [{"id": brand.id}]},
            "created_time": made,
            "timestamp": made,
        }

    def _paged(self, items: list[Json], start: int) -> Json:
        end = start + self._page
        paging: Json = {"cursors": {"before": str(start), "after": str(end)}}
        if items[end:]:
            paging["next"] = "https://graph.facebook.com/next"
        return {"data": items[start:end], "paging": paging}


def _newest(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
