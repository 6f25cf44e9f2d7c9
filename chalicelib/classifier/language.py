"""Which language a post is in, well enough to know when a human must read it; it never translates or guesses.

The script settles most languages. For Latin script the commonest small words of a dozen languages are counted, and
a small trained gate weighs the pieces of words; whatever shows no language we can name is ``und``.
"""

# ruff: noqa: RUF001  these are other languages
from __future__ import annotations

import re
import zlib
from functools import cache, lru_cache
from typing import Final

UNKNOWN: Final = "und"
ENGLISH: Final = "en"

_SCRIPTS: Final = (
    ("ja", r"[\u3040-\u30ff\uff66-\uff9f]"),
    ("ko", r"[\u1100-\u11ff\uac00-\ud7af]"),
    ("zh", r"[\u3400-\u9fff\uf900-\ufaff]"),
    ("th", r"[\u0e00-\u0e7f]"),
    ("el", r"[\u0370-\u03ff\u1f00-\u1fff]"),
    ("he", r"[\u0590-\u05ff]"),
    ("ar", r"[\u0600-\u06ff\u0750-\u077f]"),
    ("hi", r"[\u0900-\u097f]"),
    ("bn", r"[\u0980-\u09ff]"),
    ("ta", r"[\u0b80-\u0bff]"),
    ("te", r"[\u0c00-\u0c7f]"),
    ("ru", r"[\u0400-\u052f]"),
    ("und", r"[\u0530-\u058f\u0a00-\u0b7f\u0c80-\u0dff\u0e80-\u10ff\u1200-\u1cff\u2d00-\u2ddf\ua000-\uabff]"),
)
_SCRIPT_CHARACTERS: Final = 0.2
"""Above this share of a foreign script among the letters, the post is not English whatever else it says."""

_SMALL_WORDS: Final = {
    "en": "the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she or an "
    "will my one all would there their what so up out if about who get which go me when make can like time no just him know "
    "take people into year your good some could them see other than then now look only come its over think also back after use "
    "two how our work first well way even new want because any these give day most us is are was were been has had did does "
    "don't doesn't didn't can't won't isn't i'm i've it's you're that's im ive dont cant wont didnt doesnt isnt u ur am why where "
    "still never please thanks thank love great help been again very too really much more here got need off yet every",
    "es": "el la los las de que y en un una por con no es se para lo como más pero sus le ya este sí porque esta cuando muy sin sobre "
    "también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos mi tengo hace gracias "
    "hola mis está estoy qué cómo tu su del al son ha he nada ayuda puedo quiero días servicio",
    "fr": "le la les de des et en un une du que qui dans pour pas sur au avec ce il est sont je vous nous on plus mais ou si leur y par "
    "votre vos mon ma mes c'est j'ai n'est être cette ça aussi fait été sans depuis toujours merci bonjour très aux ne se tout",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird "
    "bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man ich mein meine wir ihr euch "
    "kann seit habe danke bitte mir mich kein keine warum was schon wieder",
    "it": "il di che e la in un per è una sono non da con del ho si mi lo ma come le della dei se nel anche io questo ci alla gli più al "
    "perché ancora vostro grazie mio mia sono stato dopo giorni molto quando cosa",
    "pt": "de que e o a do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito "
    "há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos meu minha vocês obrigado obrigada você estou bom dia",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als maar bij nog uit wel door naar heb mijn je jullie ik we wat "
    "hoe kan dit geen meer al waarom wordt heeft hebben bedankt dank graag",
    "sv": "och i att det som en på är av för med till den har de inte om ett men var jag så från vi kan ni min mitt när hur tack ingen",
    "pl": "i w nie na się z do to że jest o jak ale co po za od już tak czy dla mi mam mnie jestem przez proszę dziękuję kiedy jeszcze",
    "id": "yang dan di ini itu dengan untuk tidak dari dalam saya akan ada ke juga sudah bisa kami karena atau pada sampai belum tolong kalau "
    "mau nya gak ga udah aku kak min terima kasih",
    "tl": "ang ng sa na mga ay ako ko mo po ba lang naman hindi yung pa kayo niyo ito wala may kami salamat paano bakit kung para",
    "sw": "na ya wa kwa ni za la katika hii hiyo mimi yangu yenu tafadhali asante sana lakini kama nini bado sasa siku ninyi huduma habari",
    "tr": "bir ve bu da de için ile çok ama ne var yok değil mi gibi daha benim sizin neden nasıl teşekkürler ben siz kadar hala olarak",
    "af": "die en van is nie het in om te met vir op dat ek my ons julle wat hoekom asseblief dankie sal kan nog maar",
}
_TOO_FEW: Final = 3
_ENOUGH: Final = 4
_MOSTLY: Final = 0.35
_NAMED: Final = 1.3
_TO_NAME: Final = 2


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}


@cache
def _scripts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(pattern)) for code, pattern in _SCRIPTS)


def script_language(text: str, letters: int) -> str | None:
    """Return the language a foreign script betrays, or None if the letters are mostly Latin."""
    if text.isascii() or not letters:
        return None
    for code, pattern in _scripts():
        if len(pattern.findall(text)) > _SCRIPT_CHARACTERS * letters:
            return code
    return None


def small_word_language(words: tuple[str, ...]) -> str:
    """Return the language whose small words are most frequent; ``und`` if none are seen in more than a few words."""
    seen = {code: sum(word in known for word in words) for code, known in _small_words().items()}
    best = max(seen, key=lambda code: (seen[code], code == ENGLISH))
    if seen[best] > seen[ENGLISH]:
        return best
    return ENGLISH if seen[ENGLISH] or len(words) <= _TOO_FEW else UNKNOWN


def language_of(text: str, words: tuple[str, ...], letters: int) -> str:
    """Return the ISO 639-1 code of the text's language, or ``und``, by script and small words alone."""
    return script_language(text, letters) or small_word_language(words)


def clearly_english(words: tuple[str, ...]) -> bool:
    """Tell ordinary English by its small words, so that the gate need not be asked."""
    known = _small_words()
    ours = sum(word in known[ENGLISH] for word in words)
    if ours < _ENOUGH or ours < _MOSTLY * len(words):
        return False
    return all(
        sum(word in others for word in words) < ours / 2 for code, others in known.items() if code != ENGLISH
    )


def gate_features(words: tuple[str, ...]) -> list[int]:
    """Return what the trained gate weighs: each word, its pieces, and what the small words say."""
    found = dict.fromkeys(piece for word in words for piece in _gate_pieces(word))
    guess = small_word_language(words)
    return [
        *found,
        _hashed(f"small {guess == ENGLISH}"),
        _hashed(f"count {min(len(words), 4)} {guess == ENGLISH}"),
    ]


def lean(words: tuple[str, ...]) -> float:
    """Return how much is added to the gate's score: something where small words name another language."""
    return 0.0 if small_word_language(words) in (UNKNOWN, ENGLISH) else _NAMED


def named_by(words: tuple[str, ...]) -> str:
    """Return the language of words that are known not to be English; one small word alone names none, for languages share them."""
    guess = small_word_language(words)
    if guess in (UNKNOWN, ENGLISH):
        return UNKNOWN
    known = _small_words()[guess]
    return guess if sum(word in known for word in words) >= _TO_NAME else UNKNOWN


@lru_cache(maxsize=1 << 14)
def _gate_pieces(word: str) -> tuple[int, ...]:
    if not word.isalpha():
        return ()
    edged = f" {word} "
    pieces = (edged[i : i + n] for n in range(1, 5) for i in range(len(edged) - n + 1))
    return (_hashed(f"w {word}"), *(_hashed(f"g{piece}") for piece in pieces if piece != " "))


def _hashed(name: str) -> int:
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))
