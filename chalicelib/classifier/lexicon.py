"""The rules people can read: what is critical, what is elevated, and the few things that are clearly harmless.

Each rule is a name and the words that trigger it, so a reason can quote them. Words here only ever raise, except
the harmless lists, which are used only when nothing else spoke.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from chalicelib.classifier.critical import CRITICAL, rule


@dataclass(frozen=True, slots=True)
class Named:
    """A rule: its name as a person would say it, and what it looks for in lower-case text."""

    name: str
    pattern: re.Pattern[str]

    def found_in(self, text: str) -> str | None:
        """Return the words that triggered it, or None."""
        match = self.pattern.search(text)
        return match.group(0).strip() if match else None


_ELEVATED: Final = (
    rule(
        "threatens to leave",
        r"cancel(?:l?ing|l?ed|led)? (?:my|our|all|this) (?:\w+ )?(?:account|subscription|contract|membership|service|"
        r"plan|policy|card|sub|order)|(?:switch|mov|chang|go|leav)(?:ing|e)? (?:to (?:another|a different|a competitor|"
        r"your competitor|someone else)|providers?|banks?|elsewhere)|take my (?:business|money|custom) elsewhere|"
        r"(?:never|not|won'?t) (?:ever )?(?:\w+ )?(?:fly|flying|shop\w*|order\w*|buy\w*|us(?:e|ing)|book\w*|stay\w*|eat\w*|"
        r"com\w+ back|bank\w*|travel\w*|deal\w*|return\w*)(?: \w+){0,4} (?:again|anymore|ever)|lost (?:a|me as a|another) "
        r"(?:\w+ )?customer|last time (?:i|we)|done with (?:you|this|them|y'?all)|closing my account|"
        r"(?:want|going|about|time|ready) to (?:cancel|leave|switch)|goodbye \w+ hello",
    ),
    rule(
        "has asked before",
        r"(?:still|yet) (?:haven'?t|not|no|waiting|nothing|hasn'?t|isn'?t|don'?t|having|can'?t|broken|awaiting|ignored)|"
        r"(?:second|third|fourth|fifth|2nd|3rd|4th|5th|\d+th|umpteenth|hundredth|\d+) (?:time|email|call|message|"
        r"times|emails|calls|messages|tweets?|dms?|attempts?|request)|(?:no|without|zero|any|never got a) (?:reply|response|"
        r"answer|callback|call back|feedback|resolution)|(?:emailed|called|messaged|tweeted|contacted|rang|phoned|dm'?e?d|"
        r"written|asked) (?:\w+ )?(?:you|them|twice|again|several|multiple|many|repeatedly|\d+)|(?:ignor(?:ed|ing)|ghost(?:ed|ing)) "
        r"(?:me|my|us|by)|(?:for|in|over|after|past|been) (?:the (?:last|past) )?(?:\d+|two|three|four|five|six|several|a|a few|"
        r"many) (?:hours?|hrs?|days?|weeks?|months?|years?)|on hold|keep(?:s)? getting passed|passed from|how many (?:more )?times",
    ),
    rule(
        "outage",
        r"(?:is|are|went|been|gone|goes|still|completely|totally|site|app|website|server|servers|internet|network|service|"
        r"system|everything) (?:all )?(?:down|offline|out)(?= |$|[.?!,])|outages?|no (?:signal|internet|service|network|"
        r"connection|dial tone|broadband|wi-?fi)|not working for anyone|nothing (?:is )?(?:loads|loading|works|working)",
    ),
    rule(
        "delay now",
        r"delayed|delays?|late|cancel(?:led|ed) (?:flight|train|order|booking|appointment)|(?:flight|train|bus|order|booking|"
        r"appointment) (?:was|is|has been|got|just|been) (?:just )?cancel\w+|sitting on the (?:tarmac|runway|plane)|"
        r"waiting (?:for|since|over|here|in|at)|tonight|today|right now|tomorrow|urgent\w*|asap|immediately|emergency",
    ),
    rule(
        "money taken",
        r"(?:charged|billed|debited|deducted|taken|took|overcharged|paid)(?: \w+){0,3} (?:twice|double|again|extra|wrong|"
        r"without|money|from my|anyway|too much|[$£€₹]\s?\d+)|double[- ]charged|overcharg\w+|(?:money|refund|payment|funds) "
        r"(?:\w+ )?(?:gone|missing|never|not|hasn'?t|disappeared|still)|where(?:'s| is) my (?:money|refund)|stole\w*|"
        r"rip(?:ped)?[- ]?off|want my money|money back|scam\w*|robb(?:ed|ing)|thie(?:f|ves)|owe me",
    ),
    rule(
        "locked out",
        r"locked out|(?:can'?t|cannot|can not|cant|unable to|not able to|won'?t let me|couldn'?t) (?:\w+ )?(?:log ?in|sign ?in|"
        r"access|get in(?:to)?|login|log on|recover)|account (?:\w+ ){0,2}(?:locked|suspended|disabled|blocked|banned|"
        r"deactivated|deleted|terminated|frozen|restricted)|(?:suspended|disabled|blocked|banned|terminated|froze) my",
    ),
    rule(
        "lost property",
        r"(?:lost|left|forgot|missing|misplaced)(?: \w+){0,4} (?:bags?|luggage|suitcases?|phone|wallet|purse|laptop|ipad|"
        r"keys|passport|coat|jacket|glasses|headphones|airpods|backpack|camera|ring|watch|kindle|umbrella)|lost (?:and|&|n) "
        r"found|lost property|baggage (?:claim|lost|missing)|(?:bags?|luggage|suitcases?)(?: \w+){0,3} (?:lost|missing|never|"
        r"not|didn'?t|hasn'?t|still)",
    ),
)

_ABUSE: Final = rule(
    "abuse",
    r"fuck(?:ing)? (?:you|u|off|yourself)|f+ ?u+ (?:all|too)|(?:you|u|ur|you're|youre) (?:\w+ ){0,2}(?:idiots?|morons?|scum|bitch(?:es)?|"
    r"cunts?|pricks?|wankers?|arseholes?|assholes?|retards?|trash|garbage|clowns?|thieves|bastards?|pigs?)|"
    r"cunts?|motherfuckers?|wankers?|retard(?:ed|s)?|go to hell|eat shit|piece of shit|kys",
)

_ASKING: Final = rule(
    "asks or needs something",
    r"\?",
    r"help(?:ed|ing)?|please|pls|plz|how (?:do|can|to|long|much|many|come|about|is|are|does|did|would|could)|why|when|where|"
    r"what(?:'s| is| are| do| does| time| the)|who|which|can (?:you|u|i|we|someone|anyone|y'?all)|could (?:you|i|we|someone)|"
    r"would (?:you|it|like)|will (?:you|there|it|this|i)|do (?:you|u|i|we)|does|is there|are there|any(?:one| idea| update| news|"
    r" chance| way)|need(?:s|ed|ing)?|want(?:ed|s)?|looking (?:for|to)|trying|tried|i'?d like|wonder(?:ing)?|dm(?: me| sent|'?d|ed)?|"
    r"advise|assist\w*|support|contact|explain|fix(?:ed)?|sort (?:it|this|out)|let me know|tell me|should|suggest\w*|request",
)

_COMPLAINING: Final = rule(
    "says something is wrong",
    r"not|no|never|n't|\w+n't|can'?t|cannot|cant|dont|doesnt|didnt|wont|isnt|wasnt|without|unable|fail(?:s|ed|ing|ure)?|"
    r"broken?|broke|wrong|problems?|issues?|errors?|bugs?|crash\w*|worst|terrible|awful|horrible|disgust\w*|pathetic|useless|"
    r"rubbish|trash|garbage|crap\w*|shit\w*|suck(?:s|ed)?|hate|ridiculous|unacceptable|shame\w*|disgrace\w*|joke|poor|bad(?:ly)?|"
    r"slow|rude|dirty|cold|stale|damaged|missing|lost|late|delay\w*|wait(?:ed|ing|s)?|cancel\w*|refund\w*|refus\w+|complain\w*|"
    r"disappoint\w*|frustrat\w*|annoy\w*|angry|furious|fed up|sick of|tired of|enough|waste\w*|expensive|overpriced|ripped|scam\w*|"
    r"stuck|stop(?:s|ped)?|nothing|nobody|no one|lies|lied|lying|liars?|fuck\w*|wtf|ffs|smh|ugh+|seriously|really\?|unbelievable|"
    r"nightmare|appalling|shocking|insult\w*|ignor\w*|avoid|beware|warning|worse|down|glitch\w*|lag\w*|freez\w*|frozen|"
    r"disconnect\w*|expired?|charged|declined|rejected|denied|misleading|deceptive|false|fake",
)

_TURNING: Final = rule(
    "may be sarcasm or a turn",
    r"but|however|except|although|though|only|finally|again|another|apparently|supposedly|so much for|good job|nice job|way to go|"
    r"well done (?:for|on)|bravo|slow clap|congrat\w*|thanks for (?:nothing|the|making|ruining|letting|losing|not)|thanks a (?:lot|bunch)|"
    r"love (?:how|when|that|it when|being|waiting|paying)|great (?:way|start)|yeah right|\w+ \d+ (?:hours?|hrs?|days?|weeks?|min\w*)|"
    r"/s|🙃|🙄|😒|😑|😤|😡|🤬|👎|😠|💩|🤡|😭|😢|😞|🤦\S*|🤷\S*|#fail|#not\w+|if|unless|until|wish|would be|could be|used to",
)

_PRAISING: Final = rule(
    "clear praise or thanks",
    r"thank(?:s| you| u|you)|thx|ty|cheers|love(?:d|ly)?|loving|great|amazing|awesome|excellent|fantastic|brilliant|wonderful|perfect|"
    r"best|superb|outstanding|delicious|beautiful|helpful|friendly|happy|pleased|impress(?:ed|ive)|appreciat\w+|kudos|props|"
    r"shout ?out|well done|recommend\w*|favou?rite|good (?:service|job|work|food|stuff)|5 stars?|five stars?|legends?|"
    r"lifesavers?|heroes?|superstars?|yum\w*|gorgeous|❤\S*|😍|🥰|👏|🙌|💯|👍|😘|💕|🎉|🔥|⭐",
)

_CHATTING: Final = rule(
    "small talk",
    r"good (?:morning|evening|afternoon|night)(?: \w+){0,3}|happy (?:birthday|new year|friday|monday|holidays|easter|christmas|weekend|"
    r"anniversary)(?: \w+){0,4}|l+o+l+|lmf?a+o+|ha(?:ha)+h?|same(?: here)?|me too|agreed?|true|facts|so true|first|wow|omg|yes+|yep|nice one|"
    r"good luck|congratulations|merry christmas|can'?t wait|see you (?:there|soon)",
)

_ADVERTISING: Final = rule(
    "advertising",
    r"(?:click|tap|visit|check out|see) (?:the |my |our )?(?:link|bio|profile|website|page|channel|store|shop)|link in (?:my )?bio|"
    r"(?:promo|discount|coupon|referral|voucher) ?codes?:? \w+|use (?:my )?code|\d{1,2}% off|buy now|shop now|order now|limited (?:time )?offer|"
    r"free (?:followers|gift ?cards?|money|trial now|crypto|entry)|earn (?:up to )?[$£€]?\d+|work from home|make money|passive income|"
    r"investment (?:plan|opportunity)|(?:bitcoin|crypto|forex) (?:trad\w+|invest\w+|mentor|expert|recovery)|dm (?:me )?(?:for|to) "
    r"(?:promo\w*|collabs?|business|details and earn|invest\w*)|follow (?:me|us|for|back)|sub(?:scribe)? (?:4|for) sub|giveaway|"
    r"we(?:'re| are) hiring|apply (?:now|today) at|recovery (?:expert|agent)|whats ?app (?:me )?(?:on|at|now)|"
    r"(?:he|she|they) (?:helped|recovered) (?:me|my)|contact (?:\S+ )?(?:on (?:instagram|telegram|ig)|for (?:help|recovery))",
)


def _compiled(rules: tuple[tuple[str, str], ...]) -> tuple[Named, ...]:
    return tuple(Named(name, re.compile(pattern)) for name, pattern in rules)


@cache
def critical() -> tuple[Named, ...]:
    """Rules that always queue a post as urgent."""
    return _compiled(CRITICAL)


@cache
def elevated() -> tuple[Named, ...]:
    """Rules that make a post that needs an answer more pressing."""
    return _compiled(_ELEVATED)


@lru_cache(maxsize=16)
def noticed(text: str) -> tuple[tuple[str, str, str], ...]:
    """Return every critical and elevated rule that speaks: its weight, its name, the words; asked twice a post."""
    weighed = (("critical", critical()), ("pressing", elevated()))
    found = ((weight, rule.name, rule.found_in(text)) for weight, rules in weighed for rule in rules)
    return tuple((weight, name, words) for weight, name, words in found if words)


@cache
def signals() -> dict[str, Named]:
    """Return the softer rules by their short names."""
    named = {
        "abuse": _ABUSE,
        "asking": _ASKING,
        "complaining": _COMPLAINING,
        "turning": _TURNING,
        "praising": _PRAISING,
        "chatting": _CHATTING,
        "advertising": _ADVERTISING,
    }
    return {short: _compiled((rule,))[0] for short, rule in named.items()}
