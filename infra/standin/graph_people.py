"""Meta's Graph API as far as Nightdesk asks about one post or one person: whatever a story says it would tell.

Source: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user (mentioned_comment,
mentioned_media, business_discovery) and the nodes of comments, media and people. Nobody is known until told of.
"""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_THROUGH = re.compile(r"(mentioned_comment|mentioned_media|business_discovery)\.\w+\(([^)]*)\)")


class GraphPeople:
    """Posts and people by id or handle; ``asked`` are the questions, in order."""

    def __init__(self) -> None:
        self.nodes: dict[str, Json] = {}
        self.asked: list[str] = []

    def tell(self, node: str, **fields: Any) -> None:  # noqa: ANN401 - JSON
        """Say what is told of a comment, a media, a person's id or a professional's handle."""
        self.nodes[node] = {"id": node, **fields}

    def forget(self) -> None:
        """Tell of nobody any more."""
        self.nodes.clear()
        self.asked.clear()

    def knows(self, path: list[str], arguments: Json) -> bool:
        """Tell whether this is a question about one post or person, not about whose token it is."""
        return len(path) == 1 and path[0] != "me" and "fields" in arguments

    def read(self, path: list[str], arguments: Json) -> tuple[int, Json]:
        """Answer ``GET /{node}?fields=``, also where the node is reached through the account that is mentioned."""
        through = _THROUGH.match(str(arguments["fields"]))
        name = through[2] if through else path[0]
        self.asked.append(name)
        found = self.nodes.get(name)
        if found is None:
            return 400, {
                "error": {"message": f"Object {name} does not exist", "code": 100, "error_subcode": 33}
            }
        return 200, {"id": path[0], through[1]: found} if through else found
