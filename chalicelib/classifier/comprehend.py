"""Amazon Comprehend as an adviser: which language a post is in, and whether it is unhappy.

Source: docs.aws.amazon.com/comprehend/latest/APIReference, DetectDominantLanguage and DetectSentiment; its actions have
no resources to name in a policy. It is asked only where the stage says so (``services/second_opinion``).
"""

from __future__ import annotations

from typing import Any, Final

from chalicelib.classifier.patience import answering, quick_client
from chalicelib.domain.judgement import PostKind, Sentiment
from chalicelib.errors import Transient
from chalicelib.services.second_opinion import Heard

SPOKEN: Final = frozenset({"ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt", "zh", "zh-TW"})
"""The languages whose sentiment it tells."""

SURE: Final = 0.5
"""How likely unhappiness must be, of negative and mixed together, to hold a post for a complaint."""

_FEELINGS: Final = {
    "NEGATIVE": Sentiment.NEGATIVE,
    "MIXED": Sentiment.NEGATIVE,
    "POSITIVE": Sentiment.POSITIVE,
    "NEUTRAL": Sentiment.NEUTRAL,
}


class Comprehend:
    """The port ``Adviser``. A language it has no feeling for is named, and nothing is raised."""

    name = "comprehend"

    def __init__(self, client: Any = None) -> None:  # noqa: ANN401 - botocore builds clients by name
        self._client = client

    def ask(self, text: str, language: str) -> Heard:
        """Return its opinion of masked words. Raises: Transient, Permanent."""
        with answering(self.name):
            self._client = self._client or quick_client(self.name, calls=2)
            spoken = language if language in SPOKEN else self._language(text)
            if spoken not in SPOKEN:
                return Heard(language=spoken)
            return _heard(self._client.detect_sentiment(Text=text, LanguageCode=spoken), spoken)

    def _language(self, text: str) -> str:
        found = self._client.detect_dominant_language(Text=text).get("Languages", [])
        if not found:
            raise Transient("comprehend names no language")
        best = max(found, key=lambda one: float(one.get("Score", 0)))
        return str(best.get("LanguageCode", "und"))


def _heard(answer: dict[str, Any], language: str) -> Heard:
    scores = answer.get("SentimentScore", {})
    unhappy = float(scores.get("Negative", 0)) + float(scores.get("Mixed", 0)) >= SURE
    return Heard(
        needs_response=unhappy,
        kind=PostKind.COMPLAINT if unhappy else PostKind.UNKNOWN,
        sentiment=_FEELINGS.get(str(answer.get("Sentiment")), Sentiment.UNKNOWN),
        language=language.partition("-")[0],
    )
