"""How people write where they live, country by country.

A place is said by its number and its kind of street, whose words and order differ by language, or by a postal code
that looks like nothing else. A code that is only digits counts with a town or a state before it. What stands in
films, songs and guide books is nobody's home. Every quantifier is bounded.
"""

# ruff: noqa: RUF001  people write these very apostrophes
from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from chalicelib.domain.personal_data import PersonalDataKind
from chalicelib.domain.shapes.shape import any_case, as_typed

_FAMOUS: Final = re.compile(
    r"(?:10|11) downing|221b baker|21 jump|1600 pennsylvania|4 privet|742 evergreen|10 cloverfield|1313 mockingbird|"
    r"112 ocean|84 charing|30 rockefeller|1 infinite|350 fifth|12 grimmauld|42 wallaby|1428 elm|24 sussex|767 fifth",
    re.IGNORECASE,
)

_PLAIN_WORD: Final = r"(?:street|road|avenue|ave|boulevard|blvd|crescent|parkway|pkwy|terrace)(?! (?:is|was) (?:a|an|the|such|so)\b)"
_PROPER_WORD: Final = (
    r"(?:St|Rd|Lane|Ln|Drive|Dr|Court|Ct|Close|Place|Pl|Square|Sq|Highway|Hwy|Gardens|Grove|Mews|Row|Hill|Parade|Pde|Quay|Tce|Cottages|"
    r"Circle|Cir|Trail|Walk|Rise|Way|Street|Road|Avenue|Ave|Boulevard|Blvd|Crescent|Cres|Terrace|Marg|Nagar)"
    r"(?! (?:is|was) (?:a|an|the|such|so)\b)"
)
_NOT_A_STREET: Final = (
    r"(?!(?:of|the|down|on|per|miles?|a|an|in|at|to|for|min|mins|minutes?|hours?|hrs?|days?|weeks?|months?|"
    r"years?|times?|people|star|stars|and|or|is|was|km|way|lane|percent|more|other|dollars?|pounds?|from|cars?|buses|"
    r"trains?|blocks?|shops?|stores?|houses?)\b)"
)
_UP_OR_DOWN: Final = r"(?:(?:[NSEW]|N[EW]|S[EW]|North|South|East|West)\.? )?"
_FLAT: Final = r"(?:,? (?:apt|apartment|unit|suite|ste|flat|#)\.? ?#?\d{0,5}[a-z]?\b)"
_HOUSE: Final = r"(?:\d{1,4}[a-zA-Z]?/)?\d{1,5}[a-zA-Z]?"
_TOWN: Final = r"[A-Z][\w'’.-]{2,20}(?: [A-Z][\w'’-]{2,20}){0,2}"
_OF: Final = r"(?:(?:de|del|della|dei|di|da|do|dos|du|des|la|las|le|les|los|den|der|d['’]|l['’]) ?){0,3}"
_WORD: Final = r"[A-ZÀ-ÖØ-Þ](?:[^\W\d_]|['’.-]){1,20}(?!\w)"
_TAIL: Final = re.compile(
    rf"(?:,? (?i:apt|unit|flat|suite|bldg|#)\.? ?#?\w{{1,5}})?(?:,? (?:\d{{4,5}} )?{_WORD}(?: {_WORD}){{0,2}}(?=,|\.| ?-? ?\d| [A-Z]{{1,2}}\d| [A-Z]{{2}}\b|$)){{0,3}}"
    r"(?:,? [A-Z]{2,3}\b)?(?:,? ?-? ?\d{3} ?\d{1,3}(?:-\d{4})?(?![\w-])|,? [A-Z]{1,2}\d[A-Z\d]{1,2} [A-Z\d]{3,4}\b)?"
)
"""The flat, the town, the state and the code that may follow a street."""
_NOT_A_SHOP: Final = (
    r"(?<!mall at )(?<!store at )(?<!branch at )(?<!shop at )(?<!location at )(?<!store on )(?<!branch on )"
)
_FLAT_BEFORE: Final = r"(?:(?:flat|unit|apt|apartment|room|suite|shop|level) \w{1,5},? )?"
_UK_AREA: Final = (
    r"(?:AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|"
    r"EN|EX|FK|FY|G|GL|GU|HA|HD|HG|HP|HR|HU|HX|IG|IP|IV|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|"
    r"NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|"
    r"TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE)"
)

_IN_ANY_CASE: Final = (
    # 22b baker street
    (
        1,
        ("street", "road", "ave", "boul", "blvd", "crescent", "parkway", "pkwy", "terrace"),
        rf"(?<![\w.,$£€#/-]){_NOT_A_SHOP}({_FLAT_BEFORE}{_HOUSE},? (?:{_NOT_A_STREET}[a-z'’-]{{2,20}} ){{1,3}}{_PLAIN_WORD}{_FLAT}?)(?![\w'])",
    ),
    # 2210 w oak st apt 4b
    (
        2,
        (" st", " rd", " ln", " dr", " ct", " ave", "blvd", " way", "lane", "court"),
        (
            rf"(?<![\w.,$£€#/-]){_NOT_A_SHOP}({_FLAT_BEFORE}{_HOUSE},? (?:[a-z0-9'’-]{{1,20}} ){{1,3}}(?:st|rd|ln|dr|ct|ave|blvd|way|lane|drive|court)"
            r"(?:,? (?:apt|apartment|unit|suite|ste|flat|#)\.? ?#?\d{0,5}[a-z]?\b|,? [a-z]{3,20},? (?:[a-z]{2} \d{5}|[a-z]{1,2}\d[a-z\d]? \d[abd-hjlnp-uw-z]{2})\b))(?![\w'])"
        ),
    ),
    (2, ("box",), r"\b(P\.?O\.? box \d{2,6})\b"),
    # Hauptstraße 12, Oudegracht 221
    (
        1,
        (
            "straß",
            "strass",
            "str.",
            "allee",
            "gasse",
            "straat",
            "gracht",
            "kade",
            "plein",
            "singel",
            "weg ",
            "platz",
        ),
        r"\b([a-zäöüß-]{2,25}(?:straße|strasse|str\.|allee|gasse|straat|gracht|kade|plein|singel|weg|platz),? \d{1,4}(?:[a-z]|-\d{1,3})?)\b",
    ),
    # 12 bis rue de la Paix
    (
        1,
        ("rue ", "boulevard ", "avenue ", "impasse ", "chemin ", "quai ", "allée "),
        rf"(?<![\w.,/-])(\d{{1,4}}(?: ?bis| ?ter)?,? (?:rue|boulevard|avenue|impasse|chemin|quai|allée) {_OF}[a-zà-ÿ'’-]{{3,20}})\b(?<! street)",
    ),
    # Calle Mayor 5, Via Roma n. 12
    (
        1,
        (
            "calle",
            "c/",
            "avenida",
            "avda",
            "plaza",
            "paseo",
            "carrer",
            "viale",
            "piazza",
            "corso",
            "rua ",
            "travessa",
        ),
        (
            rf"\b((?:calle|c/|avenida|avda|plaza|paseo|carrer|viale|piazza|corso|rua|travessa)\.? {_OF}[a-zà-ÿ'’-]{{3,20}}"
            r"(?: [a-zà-ÿ'’-]{3,20}){0,2},? (?:n[º°o]?\.? ?)?\d{1,4})\b"
        ),
    ),
    # Blk 12 Lot 7
    (2, (" lot ",), r"\b(bl(?:oc)?k\.? \d{1,4}[a-z]?,? lot \d{1,4}(?:,? phase \d)?)\b"),
    (5, ("code",), r"\b((?:pin ?code|post ?code|postal code|eircode|zip ?code)(?: is|:)? ?\d{5,6})\b"),
)
"""Digits and hints a text must have, and shapes whose words tell, however they are typed."""

_AS_PRINTED: Final = (
    # 45 W 23rd St, 5/18 George St
    (
        1,
        (),
        (
            rf"(?<![\w.,$£€#/-]){_NOT_A_SHOP}((?i:{_FLAT_BEFORE}){_HOUSE},? {_UP_OR_DOWN}(?:(?:[A-Z][A-Za-z'’-]{{1,20}}|\d{{1,3}}(?:st|nd|rd|th))\.? ){{1,3}}{_PROPER_WORD}"
            rf"(?i:{_FLAT})?)(?![\w'])"
        ),
    ),
    (2, (), rf"\b((?i:(?=[a-zA-Z]{{1,2}}\d){_UK_AREA}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{{2}}))\b"),
    # D02 X285
    (3, (), r"\b((?:[ACDEFHKNPRTVWXY]\d[\dW]) (?=[A-Z]{0,3}\d)(?=\d{0,3}[A-Z])[0-9ACDEFHKNPRTVWXY]{4})\b"),
    # M5V 2T6
    (3, (), r"\b([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d)\b"),
    (5, (), rf"\b({_TOWN},? [A-Z]{{2}},? \d{{5}}(?:-\d{{4}})?)(?![\w-])"),
    # Parramatta NSW 2150
    (4, ("nsw", "vic ", "qld", "tas "), rf"\b((?:{_TOWN},? )?(?:NSW|VIC|QLD|TAS) \d{{4}})(?![\w-])"),
    # 1017 AB Amsterdam
    (4, (), r"\b(\d{4} (?!AD|BC|AM|PM|HD|US|UK)[A-Z]{2},? [A-Z][a-z]{3,20})\b"),
    # Bengaluru 560001
    (
        6,
        (),
        (
            r"\b((?:Mumbai|Delhi|New Delhi|Bengaluru|Bangalore|Chennai|Kolkata|Hyderabad|Pune|Ahmedabad|Jaipur|Lucknow|Noida|Gurgaon|"
            r"Gurugram|Kochi|Indore|Singapore)[ ,-]{1,3}\d{3} ?\d{3})\b"
        ),
    ),
    # Blk 123 Ang Mo Kio Ave 4
    (
        1,
        ("blk", "block"),
        r"\b((?:Blk|Block) \d{1,4}[A-Z]?,? (?:[A-Z][a-z]{1,15} ){1,4}(?:St|Ave|Rd|Street|Avenue|Road|Drive)\.?(?: \d{1,3})?)\b",
    ),
    (4, ("#",), r"(?<!\w)(#\d{2}-\d{2,4})(?!\w)"),
    # Flat 302, Sai Residency
    (
        1,
        ("flat", "house", "plot", "door"),
        (
            r"\b((?i:flat|house|plot|door)(?i: no\.?)? ?\d{1,4}[A-Za-z]?,? (?:[A-Z][a-z]{2,15} ){0,2}(?:Residency|Apartments?|Towers?|Society|Nagar|Colony|"
            r"Layout|Enclave|Heights|Estate|House|Sector \d{1,3}))\b"
        ),
    ),
)
"""The same for shapes that need their capitals to be told from talk."""


def is_home(text: str) -> bool:
    """Return whether the address may be somebody's: the famous ones are not."""
    return _FAMOUS.match(text) is None


ADDRESSES: Final = tuple(
    replace(written(PersonalDataKind.ADDRESS, pattern, is_home, digits=digits, hints=hints), tail=_TAIL)
    for written, shapes in ((any_case, _IN_ANY_CASE), (as_typed, _AS_PRINTED))
    for digits, hints, pattern in shapes
)
