"""The readable judge: rules alone, honest about doubt; the trained judge stands on the same ones.

Critical words always queue. Only what is clearly harmless, in a language we know, with nothing said against it,
is judged to need no answer; everything else goes to a person, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from chalicelib.classifier import lexicon, priority, topics
from chalicelib.classifier.language import ENGLISH, language_of
from chalicelib.classifier.text import Text
from chalicelib.domain.judgement import Band, Judgement, PostKind, Priority, Sentiment, Urgency
from chalicelib.domain.personal_data import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.judgement import Context
    from chalicelib.domain.personal_data import Span
    from chalicelib.domain.team import Rule

MODEL: Final = "rules-1"
USUALLY: Final = 0.7
"""How likely a post to a brand needs an answer when nothing else is known of it."""
MANY_WORDS: Final = 40
"""A harmless post is short; a long one has room to hide a request."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the words alone say, before context and the team's rules."""

    needs_response: bool
    kind: PostKind
    sentiment: Sentiment
    confidence: float
    reasons: tuple[str, ...]
    urgency: int = Urgency.ROUTINE
    band: Band = field(default=Band.QUEUE)
    p_needs_response: float = 0.9
    topic: str = topics.OTHER


@dataclass(frozen=True, slots=True)
class Case:
    """One post to judge: its text, where personal data stands in it, and what else is known."""

    text: Text
    personal_data: tuple[Span, ...]
    context: Context

    @classmethod
    def of(cls, raw: str | None, context: Context) -> Case:
        """Read a post's text; none is an empty one."""
        return cls(Text(raw or ""), find(raw or ""), context)

    @property
    def private(self) -> frozenset[str]:
        """Return the words that are somebody's data: no reason may repeat them."""
        pieces = (self.text.raw[span.start : span.end] for span in self.personal_data)
        return frozenset(word for piece in pieces for word in Text(piece.replace("@", " ")).words)

    def quoted(self, words: str) -> str:
        """Return the words as a reason quotes them, or what they are if they are somebody's data."""
        return "(personal data)" if self.private.intersection(Text(words).words) else f'"{words}"'


def _doubt(reason: str) -> Opinion:
    return Opinion(
        needs_response=True,
        kind=PostKind.UNKNOWN,
        sentiment=Sentiment.UNKNOWN,
        confidence=0.0,
        reasons=(f"a person must look: {reason}",),
        p_needs_response=USUALLY,
    )


def unreadable(text: Text, context: Context, language: str) -> Opinion | None:
    """Return the doubt that forbids judging this text by its words, or None if it can be read."""
    if not text.raw.strip():
        return _doubt("only media, no text" if context.has_media else "no text")
    if not text.words:
        return _doubt("no words are left without links, handles and emoji")
    if text.letters < 2:  # noqa: PLR2004  one letter is no word in any language
        return _doubt("too short to judge")
    if language != ENGLISH:
        return _doubt(f"written in a language this judge does not know ({language})")
    return None


def with_doubt_of_length(opinion: Opinion, text: Text) -> Opinion:
    """Let nobody close a post whose middle was not judged: a person must look."""
    return _doubt("longer than is judged") if text.is_cut and not opinion.needs_response else opinion


def critical_reasons(case: Case) -> tuple[str, ...]:
    """Return every critical rule that speaks, with the words that triggered it."""
    return _reasons(case, "critical")


def elevated_reasons(case: Case) -> tuple[str, ...]:
    """Return every elevated rule that speaks."""
    return _reasons(case, "pressing")


def _reasons(case: Case, weight: str) -> tuple[str, ...]:
    found = lexicon.noticed(case.text.lowered)
    return tuple(f"{weight}, {name}: {case.quoted(words)}" for heard, name, words in found if heard == weight)


def judge_words(case: Case) -> Opinion:
    """Judge readable English text by rules: harmless only if nothing at all speaks against it."""
    text = case.text.lowered
    said = {
        short: case.quoted(words)
        for short, rule in lexicon.signals().items()
        if (words := rule.found_in(text))
    }
    if "advertising" in said and not {"asking", "complaining"} <= said.keys():
        return _harmless(PostKind.SPAM, Sentiment.NEUTRAL, f"advertising: {said['advertising']}")
    if "complaining" in said:
        reason = f"says something is wrong: {said['complaining']}"
        return _needs(PostKind.COMPLAINT, Sentiment.NEGATIVE, reason, case)
    if "asking" in said:
        return _needs(PostKind.REQUEST, Sentiment.NEUTRAL, f"asks or needs something: {said['asking']}", case)
    return _quiet(said, case.text)


def _needs(kind: PostKind, sentiment: Sentiment, reason: str, case: Case) -> Opinion:
    pressing = elevated_reasons(case)
    return Opinion(
        needs_response=True,
        kind=kind,
        sentiment=sentiment,
        confidence=0.6,
        reasons=(reason, *pressing),
        urgency=Urgency.ELEVATED if pressing else Urgency.ROUTINE,
        topic=topics.plainest(case.text.lowered),
    )


def _quiet(said: dict[str, str], text: Text) -> Opinion:
    """Nothing is asked and nothing is wrong: harmless only if it is short, clear and without a turn."""
    if "turning" in said:
        return _doubt(f"may be sarcasm or a turn: {said['turning']}")
    if len(text.words) > MANY_WORDS:
        return _doubt("long, and no rule speaks about it")
    if "praising" in said:
        return _harmless(PostKind.PRAISE, Sentiment.POSITIVE, f"praise or thanks: {said['praising']}")
    if "chatting" in said:
        return _harmless(PostKind.CHATTER, Sentiment.NEUTRAL, f"small talk: {said['chatting']}")
    return _doubt("no rule speaks about it")


def _harmless(kind: PostKind, sentiment: Sentiment, reason: str) -> Opinion:
    return Opinion(
        needs_response=False,
        kind=kind,
        sentiment=sentiment,
        confidence=0.7,
        reasons=(f"{reason}, and nothing is asked",),
        band=Band.CLOSED,
        p_needs_response=0.1,
    )


def made_critical(opinion: Opinion, reasons: tuple[str, ...]) -> Opinion:
    """Let a critical rule speak first: the post is queued as urgent whatever else was thought."""
    kind = (
        opinion.kind
        if opinion.needs_response and opinion.kind is not PostKind.UNKNOWN
        else PostKind.COMPLAINT
    )
    return replace(
        opinion,
        needs_response=True,
        kind=kind,
        urgency=Urgency.CRITICAL,
        band=Band.QUEUE,
        p_needs_response=max(opinion.p_needs_response, USUALLY),
        confidence=max(opinion.confidence, 0.8),
        reasons=(*reasons, *(opinion.reasons if opinion.needs_response else ())),
    )


def concluded(opinion: Opinion, case: Case, rules: Sequence[Rule], *, language: str, model: str) -> Judgement:
    """Put context and the team's rules above an opinion and make it the judgement; both only raise."""
    text, context = case.text, case.context
    matched = priority.matching_rules(rules, text.lowered)
    kept_by = _conversation_keeps(case)
    kept = opinion.needs_response or bool(matched) or kept_by is not None
    wanted, why = _priority(opinion, context, kept=kept)
    return Judgement(
        needs_response=kept,
        kind=opinion.kind,
        priority=priority.raised_by_rules(wanted, matched),
        topics=_topics(opinion, matched),
        language=language,
        contains_personal_data=bool(case.personal_data),
        confidence=opinion.confidence,
        reasons=(*_above(matched, None if opinion.needs_response else kept_by), *opinion.reasons, *why),
        model=model,
        p_needs_response=opinion.p_needs_response,
        sentiment=opinion.sentiment,
        urgency=opinion.urgency,
        topic=opinion.topic,
        queue=topics.QUEUE_OF[opinion.topic],
        band=Band.QUEUE if kept else opinion.band,
        personal_data=case.personal_data,
        abusive=lexicon.signals()["abuse"].found_in(text.lowered) is not None,
    )


def _priority(opinion: Opinion, context: Context, *, kept: bool) -> tuple[Priority, tuple[str, ...]]:
    base = priority.base_priority(opinion.kind, opinion.urgency)
    return priority.raised_by_context(base, context) if kept and opinion.needs_response else (base, ())


def _topics(opinion: Opinion, matched: tuple[tuple[Rule, str], ...]) -> tuple[str, ...]:
    own = (opinion.topic,) if opinion.topic != topics.OTHER else ()
    return tuple(dict.fromkeys((*own, *(topic for rule, _ in matched for topic in rule.topics))))


def _conversation_keeps(case: Case) -> str | None:
    """Return why the conversation keeps this reply whatever its words say, or None."""
    if case.context.in_open_conversation:
        return "part of an open conversation: it stays with it"
    if case.context.after_our_reply and judge_words(case).needs_response:
        return "follows our reply, and may answer our question"
    return None


def _above(matched: tuple[tuple[Rule, str], ...], kept_by: str | None) -> tuple[str, ...]:
    reasons = tuple(f'the team\'s rule: "{words}"' for _, words in matched)
    return (*reasons, kept_by) if kept_by else reasons


class RuleJudge:
    """Judges by rules alone. ``rules`` are the team's own, above everything here."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self._rules = tuple(rules)

    def classify(self, text: str | None, context: Context) -> Judgement:
        """Say what a post needs; any text, or none, gives a judgement with reasons."""
        case = Case.of(text, context)
        read = case.text
        language = language_of(read.visible, read.words, read.letters)
        opinion = with_doubt_of_length(unreadable(read, context, language) or judge_words(case), read)
        if reasons := critical_reasons(case):
            opinion = made_critical(opinion, reasons)
        return concluded(opinion, case, self._rules, language=language, model=MODEL)
