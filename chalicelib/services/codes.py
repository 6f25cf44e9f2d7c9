"""Gives a phone its number for a conversation or a digest, and finds what a number stands for.

Returns writes for the caller's transaction: a number is taken only together with the message that names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import digest as flood
from chalicelib.domain import reply_codes
from chalicelib.domain.conversation import Conversation, State
from chalicelib.domain.pager_rows import Digest, DigestMember, ReplyCode
from chalicelib.services.ports import Lost, Put, Store, Write

MANY = 9
"""From how many numbers on a phone's old ones are looked at, so that they stay short without anybody replying."""

LOOKED_AT = 10
"""How many old numbers of a phone are checked for closure at once, so that one page costs few reads."""

_OPEN = (State.WAITING, State.PAUSED)


class Codes:
    """The numbers of each phone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def number(self, phone: str, letter: str, subject: str, now: datetime) -> tuple[int, tuple[Write, ...]]:
        """Return the phone's number for a subject, and the write that takes it if it is new."""
        codes = self._store.children(ReplyCode, phone, letter)
        known = reply_codes.code_of(codes, subject)
        if known is not None and not reply_codes.is_free(known, now):
            return known.number, ()
        if len(codes) >= MANY:
            self.retire(phone, now)
        fresh = reply_codes.allotted(codes, phone=phone, letter=letter, subject=subject, now=now)
        return fresh.number, (Put(fresh),)

    def subject_of(self, phone: str, letter: str, number: int) -> str | None:
        """Return what a number means to this phone."""
        code = self._store.get(ReplyCode, phone, letter, str(number))
        return code.subject if code else None

    def open_conversations(self, phone: str) -> list[str]:
        """Return the conversations this phone was told of that still wait."""
        codes = self._store.children(ReplyCode, phone)
        told = dict.fromkeys(c for code in codes for c in self.conversations_of(code.letter, code.subject))
        return [c for c in told if self._is_open(c)]

    def conversations_of(self, letter: str, subject: str) -> Iterator[str]:
        """Yield the conversations a code stands for: itself, or each member of the digest."""
        if letter == reply_codes.CLAIM:
            yield subject
            return
        members = self._store.children(DigestMember, *subject.split("|"))
        yield from dict.fromkeys(flood.member_identity(member)[0] for member in members)

    def digest_of(self, subject: str) -> Digest | None:
        """Return the digest a ``B`` code stands for."""
        return self._store.get(Digest, *subject.split("|"))

    def retire(self, phone: str, now: datetime) -> None:
        """Note which of a phone's older numbers are closed: a day later they may be used again."""
        codes = [c for c in self._store.children(ReplyCode, phone) if self._may_rest(c, now)]
        closed = [c for c in codes[:LOOKED_AT] if not self._is_needed(c)]
        for code in closed:
            try:
                self._store.commit(Put(replace(code, closed_at=now, rev=code.rev + 1)))
            except Lost:
                continue

    def _may_rest(self, code: ReplyCode, now: datetime) -> bool:
        return code.closed_at is None and code.at + reply_codes.REST <= now

    def _is_needed(self, code: ReplyCode) -> bool:
        return any(self._is_open(c) for c in self.conversations_of(code.letter, code.subject))

    def _is_open(self, conversation_id: str) -> bool:
        conversation = self._store.get(Conversation, conversation_id)
        return conversation is not None and conversation.state in _OPEN
