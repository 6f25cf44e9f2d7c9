"""Picks whom to ask for a second opinion; loaded only where the stage names somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.settings import SecondOpinion, Settings

if TYPE_CHECKING:
    from chalicelib.services.second_opinion import Adviser


def adviser(settings: Settings) -> Adviser:
    """Return the stage's adviser."""
    if settings.second_opinion is SecondOpinion.BEDROCK:
        from chalicelib.classifier.bedrock import Bedrock

        return Bedrock(settings.bedrock_model)
    from chalicelib.classifier.comprehend import Comprehend

    return Comprehend()
