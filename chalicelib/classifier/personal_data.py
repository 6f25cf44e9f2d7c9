"""The judge's name for the domain's personal data, for adapters that mask what they write; nothing of its own."""

from chalicelib.domain.personal_data import MASKS, PersonalDataKind, Span, find, mask

__all__ = ["MASKS", "PersonalDataKind", "Span", "find", "mask"]
