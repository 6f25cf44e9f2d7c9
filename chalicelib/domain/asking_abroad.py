"""The same as ``asking`` in Spanish, French and German: what customers are asked for, in the plainest words.

Coarser than English: a sentence that asks and names something private is enough. It only ever warns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

BOOKING, PHONE, EMAIL = "booking or order number", "phone number", "e-mail address"
ADDRESS, BIRTH, CARD = "postal address", "date of birth", "payment card"
SECRET: Final = "password or security code"  # noqa: S105 - what is asked for, and no secret


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: words that ask, words that lead to a private place, and what is private by name."""

    asks: re.Pattern[str]
    leads: re.Pattern[str]
    things: dict[str, re.Pattern[str]]


def asked_abroad(sentence: str) -> list[str]:
    """Return what a sentence, in small letters, asks for in one of these languages."""
    return [
        thing
        for tongue in _tongues()
        if tongue.asks.search(sentence)
        for thing, pattern in tongue.things.items()
        if pattern.search(sentence)
    ]


def leads_abroad(sentence: str) -> bool:
    """Tell whether a sentence leads to a private place in one of these languages."""
    return any(tongue.leads.search(sentence) for tongue in _tongues())


def _tongue(asks: str, leads: str, things: dict[str, str]) -> Tongue:
    named = {thing: re.compile(rf"\b(?:{words})\b") for thing, words in things.items()}
    return Tongue(re.compile(rf"\b(?:{asks})\b"), re.compile(rf"\b(?:{leads})\b"), named)


@cache
def _tongues() -> tuple[Tongue, ...]:
    return (
        _tongue(
            r"env[ií]\w*|m[aá]nd\w{0,6}|ind[ií][cq]\w*|d[ií](?:ga|gan)?nos|facil[ií]t\w*|compart\w*|confirm\w*|"
            r"necesitamos|cu[aá]l es|puedes? (?:dar|enviar|indicar|decir)\w*",
            r"mensaje (?:directo|privado)|por privado|en privado|md|dm",
            {
                BOOKING: r"n[uú]mero de (?:reserva|pedido|cliente|cuenta|seguimiento)|localizador|c[oó]digo de reserva",
                PHONE: r"(?:n[uú]mero de |tu |su )(?:tel[eé]fono|m[oó]vil)",
                EMAIL: r"(?:tu|su) (?:correo|e-?mail)|correo electr[oó]nico",
                ADDRESS: r"(?:tu|su) direcci[oó]n(?! de correo)|c[oó]digo postal",
                BIRTH: r"fecha de nacimiento",
                CARD: r"(?:n[uú]mero|datos) de (?:la |tu |su )?tarjeta",
                SECRET: r"(?:tu|su) (?:contraseña|pin)",
            },
        ),
        _tongue(
            r"envoye[rz]|indique[rz]|communique[rz]|donne[rz]|transmett\w+|pr[eé]cise[rz]|partage[rz]|"
            r"quel(?:le)? est|merci de|avons besoin",
            r"messages? priv[eé]s?|message direct|en priv[eé]|mp|dm",
            {
                BOOKING: r"num[eé]ro de (?:r[eé]servation|commande|dossier|client|compte|suivi)|votre r[eé]f[eé]rence",
                PHONE: r"num[eé]ro de (?:t[eé]l[eé]phone|portable)|votre (?:t[eé]l[eé]phone|portable)",
                EMAIL: r"votre (?:adresse )?(?:e-?mail|courriel|mail)|adresse [eé]lectronique",
                ADDRESS: r"votre adresse(?! (?:e-?mail|mail|[eé]lectronique))|code postal",
                BIRTH: r"date de naissance",
                CARD: r"num[eé]ro de (?:votre |la )?carte",
                SECRET: r"votre (?:mot de passe|code secret)",
            },
        ),
        _tongue(
            r"schick\w*|send(?:e|en|et)|nenn\w*|teil\w*|gib|geben|mitteilen|wie lautet|wie ist|ben[oö]tigen|brauchen",
            r"pn|dn|dm|direktnachricht|privat\w*|per nachricht",
            {
                BOOKING: r"(?:buchungs|bestell|auftrags|kunden|konto|vorgangs|ticket|sendungs)-?(?:nummer|code|nr)",
                PHONE: r"(?:telefon|handy|mobil)nummer",
                EMAIL: r"(?:deine|ihre|eure) e-?mail(?:-?adresse)?|mailadresse",
                ADDRESS: r"(?:deine|ihre|eure) (?:adresse|anschrift)|postleitzahl",
                BIRTH: r"geburtsdatum",
                CARD: r"kartennummer|kreditkartendaten",
                SECRET: r"(?:dein|ihr|euer) passwort|(?:deine|ihre) pin",
            },
        ),
    )
