"""Answering a customer from the linked page: sent, or shown again with what there is to say first.

The words typed are never lost: whatever is said about them stands above them. Rules are ``services/answering``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain.wallclock import local
from chalicelib.errors import Conflict
from chalicelib.services.answering import Caution, Draft

if TYPE_CHECKING:
    from chalicelib.services.answering import Answering
    from chalicelib.services.drafts import Drafts
    from chalicelib.services.playbooks import Wording
    from chalicelib.web.page_acts import Asked

PRIVATE, PUBLIC = "private", "public"
ON_ITS_WAY = "Your answer is on its way. This page says so once the customer has it."


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: the words, the way, what is said about them, and what was said before.

    ``faults`` must be mended; ``warnings`` may be overruled by sending again, which ``sure`` then names.
    """

    text: str = ""
    way: str = ""
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sure: str = ""


NOTHING = Typed()
"""An empty form."""


class PageReplying:
    """Takes answers."""

    def __init__(self, answering: Answering, drafts: Drafts) -> None:
        self._answering = answering
        self._drafts = drafts

    def send(self, asked: Asked, key: str) -> Typed | None:
        """Send what was typed and return None, or return it with what there is to say. Raises: NotFound, Transient."""
        text, way = asked.form.get("text", "").strip(), asked.form.get("way", "")
        try:
            outcome = self._answering.send(_draft(asked, key, text, way), asked.at)
        except Conflict as fault:
            words = str(fault)
            return self._again(asked, Typed(text, way, faults=(f"{words[:1].upper()}{words[1:]}.",)))
        if outcome.reply is not None:
            return None
        faults = tuple(finding.words for finding in outcome.faults)
        warnings = tuple(_words(caution, asked.tz) for caution in outcome.cautions)
        sure = ",".join(caution.name for caution in outcome.cautions)
        return self._again(asked, Typed(text, way, faults, warnings, sure))

    def _again(self, asked: Asked, typed: Typed) -> Typed:
        """Show to others that somebody writes here: the words were typed, and are being looked at again."""
        if typed.text:
            self._drafts.begin(asked.conversation_id, asked.by, asked.at)
        return typed


def worded(asked: Asked, wording: Wording) -> Typed:
    """Return the form with a playbook's wording in it, below whatever was typed already."""
    text, way = asked.form.get("text", "").strip(), asked.form.get("way", "")
    if wording.private is not None:
        way = PRIVATE if wording.private else PUBLIC
    return Typed(f"{text}\n\n{wording.text}" if text else wording.text, way)


def _draft(asked: Asked, key: str, text: str, way: str) -> Draft:
    return Draft(
        conversation_id=asked.conversation_id,
        text=text,
        by=asked.by,
        key=key,
        seen=asked.form.get("seen", ""),
        private={PRIVATE: True, PUBLIC: False}.get(way),
        sure=frozenset(filter(None, asked.form.get("sure", "").split(","))),
    )


def _words(caution: Caution, tz: str) -> str:
    pieces = (f"{local(piece, tz):%H:%M}" if isinstance(piece, datetime) else piece for piece in caution.said)
    return "".join(pieces)
