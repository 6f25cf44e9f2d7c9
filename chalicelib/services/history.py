"""What the table knows of a conversation and of its person: quotes, earlier conversations, the timeline.

Every word is masked of personal data before it leaves. People are tied together by rows alone, never by a name:
the same id on the same platform is the same person, and whatever a link row says besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.alert import Earlier, Past
from chalicelib.domain.alert_words import asked, outcome
from chalicelib.domain.conversation import Conversation, Entry
from chalicelib.domain.hiding import warning
from chalicelib.domain.items import Reply, StoredPost, ThreadLink, TimelineRow
from chalicelib.domain.team import TeamFile
from chalicelib.services.intake_threads import contact_anchor
from chalicelib.services.ports import Store

Mask = Callable[[str], str]
"""Returns a text with personal data masked."""

MANY = 20
"""How many conversations of one identity are looked at; beyond that nobody reads on."""

HOPS = 2
"""How far ties are followed: from a person to another identity of theirs, and to what that one wrote."""


@dataclass(slots=True)
class _Person:
    """One person as far as rows tie them together: their identities, and the conversations found so far."""

    known: set[tuple[str, str]] = field(default_factory=set)
    found: dict[str, Conversation] = field(default_factory=dict)


class History:
    """Reads what was before."""

    def __init__(self, store: Store, mask: Mask) -> None:
        self._store = store
        self._mask = mask

    def post(self, conversation: Conversation, entry: Entry) -> StoredPost | None:
        """Return the row of an entry; some entries outlive theirs."""
        return self._store.get(StoredPost, conversation.platform, conversation.account, entry.id)

    def quote(self, conversation: Conversation) -> str:
        """Return the post that waits, or the customer's latest, masked; empty where it has no words."""
        entry = asked(conversation)
        post = self.post(conversation, entry) if entry else None
        return self._mask(post.text) if post is not None and post.text else ""

    def exposed(self, conversation: Conversation) -> str | None:
        """Return what to say of a public post that shows personal data, and nothing of the data itself."""
        entry = asked(conversation)
        post = self.post(conversation, entry) if entry else None
        return warning(post) if post is not None else None

    def reasons(self, conversation: Conversation) -> tuple[str, ...]:
        """Return why the post that waits was judged as it was, masked."""
        entry = asked(conversation)
        post = self.post(conversation, entry) if entry else None
        return tuple(map(self._mask, post.judgement.reasons)) if post and post.judgement else ()

    def replies(self, conversation: Conversation) -> list[Reply]:
        """Return our own answers, oldest first, unmasked."""
        return sorted(self._store.children(Reply, conversation.id), key=lambda reply: (reply.at, reply.id))

    def rows(self, conversation: Conversation, limit: int) -> list[TimelineRow]:
        """Return the newest lines of the timeline, oldest first, unmasked: show ``words`` masked."""
        rows = self._store.children(TimelineRow, conversation.id, limit=limit, newest_first=True)
        return list(reversed(rows))

    def past(self, conversation: Conversation, limit: int) -> tuple[Past, ...]:
        """Return what happened last, masked, oldest first."""
        return tuple(Past(row.at, self._mask(row.words)) for row in self.rows(conversation, limit))

    def earlier(self, conversation: Conversation, team: TeamFile, limit: int) -> tuple[Earlier, ...]:
        """Return the same person's other conversations on any account, newest first: nobody is asked twice."""
        others = self._others(conversation, team)
        newest = sorted(others, key=lambda c: (c.opened_at, c.id), reverse=True)[:limit]
        return tuple(self._one(other) for other in newest)

    def _one(self, conversation: Conversation) -> Earlier:
        return Earlier(
            conversation.opened_at,
            conversation.platform,
            self.quote(conversation),
            outcome(conversation),
            conversation_id=conversation.id,
            permalink=conversation.permalink,
        )

    def _others(self, conversation: Conversation, team: TeamFile) -> list[Conversation]:
        person, edge = _Person(), [conversation]
        for _ in range(HOPS):
            edge = [found for each in edge for found in self._tied(each, team, person)]
        return [found for found in person.found.values() if found.id != conversation.id]

    def _tied(self, conversation: Conversation, team: TeamFile, person: _Person) -> Iterator[Conversation]:
        """Yield the conversations, not found before, that links of this one's contact lead to."""
        identity = (conversation.platform, conversation.contact_id)
        if identity in person.known:
            return
        person.known.add(identity)
        for link in self._links(conversation, team):
            if link.conversation_id in person.found:
                continue
            found = self._store.get(Conversation, link.conversation_id)
            if found is not None:
                person.found[found.id] = found
                yield found

    def _links(self, conversation: Conversation, team: TeamFile) -> list[ThreadLink]:
        """Return the newest links of a contact, on every account of its platform: an id means one person there."""
        anchor = contact_anchor(conversation.contact_id)
        platform = conversation.platform
        found = [
            link
            for account in _accounts(conversation, team)
            for link in self._store.children(ThreadLink, platform, account, anchor)
        ]
        return sorted(found, key=lambda link: link.at)[-MANY:]


def _accounts(conversation: Conversation, team: TeamFile) -> Sequence[str]:
    same = (a.id for a in team.accounts.values() if a.platform == conversation.platform)
    return tuple(dict.fromkeys((conversation.account, *same)))
