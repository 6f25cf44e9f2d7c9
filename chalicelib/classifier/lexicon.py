"""The rules people can read: what is critical, what is elevated, and the few things that are clearly harmless.

Each rule is a name and the words that trigger it, so a reason can quote them. Words here only ever raise, except
the harmless lists, which are used only when nothing else spoke.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Named:
    """A rule: its name as a person would say it, and what it looks for in lower-case text."""

    name: str
    pattern: re.Pattern[str]

    def found_in(self, text: str) -> str | None:
        """Return the words that triggered it, or None."""
        match = self.pattern.search(text)
        return match.group(0).strip() if match else None


def _rule(name: str, *alternatives: str) -> tuple[str, str]:
    return name, r"(?<![\w-])(?:" + "|".join(alternatives) + r")(?![\w-])"


_ME: Final = r"(?:me|us|my \w+|our \w+|him|her|them|someone|somebody|people|passengers?|customers?)"
_CHILD: Final = r"(?:kids?|child|children|baby|babies|toddler|newborn|infant|son|daughter|twins)"
_FRAIL: Final = (
    r"(?:elderly|disabled|wheelchair|pregnant|diabetic|blind|deaf|autistic|dementia|vulnerable|oxygen|insulin|"
    r"\d{2}[- ]year[- ]old (?:mother|father|mum|mom|dad|gran\w*|nan|grand\w+)|90[- ]year[- ]old)"
)

_CRITICAL: Final = (
    _rule(
        "safety",
        r"(?:caught|catch(?:es|ing)?|on|set) (?:on )?fire(?! (?:sale|stick|tv|tablet))",
        r"(?:smoke|smoking|sparks?|sparking|flames?) (?:was |were |is |are |came |coming |comes |pouring |started )*"
        r"(?:com(?:e|es|ing) |out |pour\w* )?(?:from|out|everywhere)",
        r"(?:is|was|started|began|starts) (?:smoking|sparking|smouldering|melting)",
        r"explod(?:ed|es|ing)|blew up in|burst into flames",
        r"electrocut\w+|electric shock|got a shock",
        r"(?:smell(?:s|ing)?(?: of)?|leak(?:ing)?) (?:of )?gas|gas (?:leak|smell)|carbon monoxide",
        r"burn(?:ed|t|ing|s) (?:my|his|her|our|the) (?:\w+ )?(?:hand|hands|face|arm|leg|skin|mouth|fingers?|house|"
        r"baby|son|daughter|child|scalp)|(?:chemical|third[- ]degree|second[- ]degree) burns?",
        r"allergic reaction|anaphyla\w+|epi-?pen|undeclared (?:nuts?|allergens?|milk|peanuts?)",
        r"food poison\w*|hospitali[sz]ed|(?:i'm|we're|she's|he's|are|is|was|were|am|now) in (?:the )?(?:hospital|a&e|icu|er)|drown(?:ed|ing)|"
        r"ended up in (?:the )?(?:hospital|a&e|er)|rushed to (?:the )?(?:hospital|a&e|er)|ambulance",
        r"(?:badly|seriously|got|been|was|were) (?:injured|hurt|burn(?:ed|t))|broke my (?:arm|leg|ankle|wrist|tooth|hip)",
        r"bleed(?:ing|s)|unconscious|passed out|collapsed|seizure|heart attack|chest pains?|can'?t breathe|chok(?:ed|ing)",
        r"(?:glass|metal|needle|blade|plastic|mou?ld|maggots?|insect|cockroach) in (?:my|the|his|her|our|a) "
        r"(?:\w+ )?(?:food|meal|salad|burger|sandwich|drink|milk|formula|bottle|cereal|pizza|soup|can|jar|bread|yog\w+)",
        r"(?:nearly|almost|could have|could've|going to|gonna) (?:killed|kill|died|die|hurt|crash\w*|chok\w+)(?! laughing)",
        r"brakes? (?:failed|fail|stopped|don'?t work|not working|gone)|airbags?|lost control of the (?:car|bus)",
        r"(?:there(?:'s| is)|planted?|plant|put|got|have|has) (?:a |the )?bombs?(?! (?:ass|recipe|dot))|bomb threat|"
        r"blow (?:up|it up|the place up)|active shooter|(?:a|his|her|has|with a|pulled a) (?:gun|knife|machete)",
    ),
    _rule(
        "someone may harm themselves or others",
        r"kill(?:ing)? (?:myself|himself|herself|themselves)|end(?:ing)? (?:my|it all|his|her) life|suicid(?:e|al)|"
        r"want to die|don'?t want to (?:live|be alive)|self[- ]harm",
        r"(?:i'?ll|i will|i'?m going to|gonna|we'?ll|going to|wanna|want to|swear i'?ll) (?:come (?:down )?(?:there|to) "
        r"(?:and|to) |fucking |f\W*ing )?(?:kill|shoot|stab|burn (?:down|your|the|it)|hurt|beat up|smash (?:up|your)|"
        r"torch|attack|strangle|murder)(?! (?:it|for|time|some|this|two|that)\b)",
        r"(?:someone|somebody|people|they|you)(?:'s|'re| is| are|'ll| will)? (?:going to |gonna )?(?:get|gets|be) (?:badly )?hurt",
        r"know where you (?:live|work)|death threats?|watch your back|you(?:'ll| will) (?:all )?(?:pay for this|regret)",
    ),
    _rule(
        "legal or regulator",
        r"lawyers?|solicitors?|attorneys?|barrister|legal (?:action|team|advice|claim|proceedings|rights|notice)|"
        r"lawsuits?|class[- ]action|litigation|law suit",
        r"su(?:e|ing) (?:you|them|your|the|this|for|over|amazon|\w+ for)|(?:will|gonna|going to|can i|to|i'll) sue|"
        r"small claims|(?:take|taking|see) (?:you|them) (?:in|to) court|court (?:date|order|papers|claim)|in court",
        r"ombudsman|regulator|trading standards|better business bureau|\bbbb|attorney general|consumer (?:rights|court|"
        r"protection|affairs|forum|commission)|ofcom|ofgem|ofwat|cfpb|ftc|fca|fcc|dot complaint|caa|"
        r"information commissioner|data protection|gdpr|chargeback|citizens advice|letter before action|section 75",
        r"(?:reported?|reporting|complain(?:ed|ing)?|complaint) (?:you |this |them |it )?(?:to|with) (?:the )?"
        r"(?:police|authorit\w+|fda|hse|health (?:dept|department|inspector)|environmental health)",
        r"(?:is|was|be|this|that'?s|it'?s) (?:so |totally |completely |clearly |surely )?illegal|against the law|"
        r"breach of (?:contract|the law|privacy)|discriminat(?:ed|ion|ing|e|ory)|unlawful\w*|criminal(?:ly)?",
    ),
    _rule(
        "press or a call to share",
        r"journalist|reporter (?:at|for|from|with)|i'?m a reporter|news ?desk|press (?:office|enquir\w+|inquir\w+|"
        r"contact|team|officer)|media (?:enquir\w+|inquir\w+|contact|team|request)|(?:on|for) the record|"
        r"(?:writing|doing|running|working on) (?:a|an|the) (?:story|article|piece|report|investigation)|"
        r"(?:going|go|went|take this|talk(?:ing)?|speak(?:ing)?) to the (?:press|papers|media|news\w*)|"
        r"tell(?:ing)? the (?:press|media)|watchdog|right of reply|request for comment|deadline for comment",
        r"boycott\w*|(?:please|pls|plz|everyone|kindly) (?:share|retweet|rt)(?! your| the (?:link|details|love|code))|"
        r"share (?:this )?(?:to|so|until|widely|far)|make this (?:go )?viral|go(?:ing|ne)? viral|spread the word about how|"
        r"rt if|retweet if|#(?:boycott|cancel|stop)\w+",
    ),
    _rule(
        "account takeover or fraud",
        r"(?<!life )hack(?:ed|ers?|ing)(?: (?:in(?:to)?|my|our|me|account))?(?!athon)",
        r"(?:took|taken|taking|stole|stolen) (?:over )?(?:control of )?(?:my|our|her|his) (?:\w+ )?(?:account|page|"
        r"profile|identity|email|number|card|details|money|savings)|identity theft|account takeover|sim[- ]?swap\w*",
        r"(?:some(?:one|body)|they|he|she|stranger) (?:else )?(?:has |have |had |is |was |keeps |just )*(?:chang(?:ed|ing)|"
        r"log(?:ged|ging) in(?:to)?|got into|access(?:ed|ing)|us(?:ed|ing|es)|is on|buy(?:ing)?|bought|order(?:ed|ing)|"
        r"spen[dt](?:ing)?|withdr\w+|open(?:ed|ing)) (?:\w+ )?(?:with |on |using |from |in )?(?:my|our|his|her) "
        r"(?:\w+ )?(?:account|password|email|card|profile|name|details|number|money|phone)",
        r"(?:don'?t|do not|didn'?t|never|not) (?:recogni[sz]e|make|made|authori[sz]ed?|order(?:ed)?) (?:this|these|those|"
        r"the|any|that|a) (?:\w+ ){0,2}(?:transactions?|charges?|payments?|orders?|purchases?|withdrawals?|debit)",
        r"(?:transactions?|charges?|payments?|orders?|purchases?|withdrawals?) (?:that )?(?:i|we) (?:didn'?t|did not|never|"
        r"don'?t|do not) (?:make|made|recogni[sz]e|authori[sz]ed?|order)",
        r"unauthori[sz]ed|fraudulent\w*|(?:card|credit|bank|account) fraud|been scammed|got scammed|was scammed|"
        r"compromised|my (?:card|wallet|phone|bag) (?:was|has been|got|is) stolen|drained my",
    ),
    _rule(
        "stranded, or minutes to act",
        r"strand(?:ed|ing)|stuck (?:at|in|on|here|outside|inside) (?:the |a |an |your |this )?(?:airport|station|platform|"
        r"terminal|gate|plane|tarmac|train|bus|elevator|lift|motorway|highway|roadside|side of the road|snow|cold|rain|"
        r"middle of nowhere|\w+ airport|\w+ station|customs|border|car park)|stuck here|no way (?:home|to get home|back)",
        r"miss(?:ed|ing)? (?:my|our|the|his|her|a) (?:\w+ )?(?:connection|connecting|flight|train|funeral|wedding|"
        r"surgery|operation|interview|exam|cruise)|(?:gonna|going to|will|about to|might) miss",
        r"(?:boards?|boarding|leaves?|leaving|depart(?:s|ing|ure)?|takes? off|closes?|starts?|begins?) (?:is )?"
        r"(?:in )(?:less than |under |about |like |only )?(?:a |an |one |half an |\d{1,2} ?)(?:min\w*|hours?|hrs?|h|m)\b|"
        r"(?:in|within) (?:the next )?(?:less than |under |only |about )?\d{1,2} ?min(?:ute)?s",
        r"nowhere to (?:sleep|stay|go)|sleep(?:ing)? (?:on|at|in) the (?:floor|airport|station|street)|locked (?:out|in|"
        r"inside) (?:of )?(?:my|the|our|a|this|your) (?:house|home|car|flat|room|apartment|store|shop|toilet|airbnb)|"
        r"broken down|broke down on|no heat(?:ing)?|without (?:heat\w*|water|power|electricity)|"
        r"no (?:hot )?water(?! bottle)|no power|no electricity|freezing (?:house|flat|home|cold|in)",
    ),
    _rule(
        "harassment",
        r"harass(?:ed|ing|ment|es)?|assault(?:ed|ing)?|grop(?:ed|ing)|molest\w*|rap(?:ed|ist)|stalk(?:ed|ing|er)|"
        r"racis(?:t|m|ts)|racially|sexist|sexism|homophob\w+|transphob\w+|anti-?semit\w+|islamophob\w+|xenophob\w+|slur|"
        r"touched (?:me|my \w+) inappropriately|inappropriately|(?:threaten|threatened|threatening|intimidat\w+|spat at|"
        rf"pushed|shoved|punched|hit|bullied|bullying|followed) {_ME}",
        r"abus(?:ed|ive|ing)|child porn\w*|grooming|predator|blackmail\w*|extort\w*|dox+(?:ed|ing)|revenge porn",
    ),
    _rule(
        "vulnerable person",
        rf"{_FRAIL}(?: \w+){{0,6}} (?:left|waiting|alone|stuck|stranded|without|ignored|refused|turned away|crying|scared|"
        rf"denied|no help|abandoned|outside|no assistance)|(?:left|refused|denied|abandoned|ignored|stuck with) "
        rf"(?:(?:my|an?|our|the) )?(?:\w+ )?{_FRAIL}|{_CHILD} (?:is |are |was |were )?(?:missing|lost|alone|locked|"
        r"freezing|crying|sick|ill|choking|left alone|unaccompanied)",
        r"(?:needs?|out of|without|lost|missing|no|run out of|waiting for) (?:my |his |her |their |the )?(?:life[- ]?saving )?"
        r"(?:insulin|inhaler|medication|medicine|meds|prescription|oxygen|wheelchair|dialysis|baby formula|epi-?pen)",
        r"medical emergency|emergency surgery|(?:domestic|child) (?:abuse|violence)|life[- ]threatening|life or death",
    ),
)

_ELEVATED: Final = (
    _rule(
        "threatens to leave",
        r"cancel(?:l?ing|l?ed|led)? (?:my|our|all|this) (?:\w+ )?(?:account|subscription|contract|membership|service|"
        r"plan|policy|card|sub|order)|(?:switch|mov|chang|go|leav)(?:ing|e)? (?:to (?:another|a different|a competitor|"
        r"your competitor|someone else)|providers?|banks?|elsewhere)|take my (?:business|money|custom) elsewhere|"
        r"(?:never|not|won'?t) (?:ever )?(?:\w+ )?(?:fly|flying|shop\w*|order\w*|buy\w*|us(?:e|ing)|book\w*|stay\w*|eat\w*|"
        r"com\w+ back|bank\w*|travel\w*|deal\w*|return\w*)(?: \w+){0,4} (?:again|anymore|ever)|lost (?:a|me as a|another) "
        r"(?:\w+ )?customer|last time (?:i|we)|done with (?:you|this|them|y'?all)|closing my account|"
        r"(?:want|going|about|time|ready) to (?:cancel|leave|switch)|goodbye \w+ hello",
    ),
    _rule(
        "has asked before",
        r"(?:still|yet) (?:haven'?t|not|no|waiting|nothing|hasn'?t|isn'?t|don'?t|having|can'?t|broken|awaiting|ignored)|"
        r"(?:second|third|fourth|fifth|2nd|3rd|4th|5th|\d+th|umpteenth|hundredth|\d+) (?:time|email|call|message|"
        r"times|emails|calls|messages|tweets?|dms?|attempts?|request)|(?:no|without|zero|any|never got a) (?:reply|response|"
        r"answer|callback|call back|feedback|resolution)|(?:emailed|called|messaged|tweeted|contacted|rang|phoned|dm'?e?d|"
        r"written|asked) (?:\w+ )?(?:you|them|twice|again|several|multiple|many|repeatedly|\d+)|(?:ignor(?:ed|ing)|ghost(?:ed|ing)) "
        r"(?:me|my|us|by)|(?:for|in|over|after|past|been) (?:the (?:last|past) )?(?:\d+|two|three|four|five|six|several|a|a few|"
        r"many) (?:hours?|hrs?|days?|weeks?|months?|years?)|on hold|keep(?:s)? getting passed|passed from|how many (?:more )?times",
    ),
    _rule(
        "outage",
        r"(?:is|are|went|been|gone|goes|still|completely|totally|site|app|website|server|servers|internet|network|service|"
        r"system|everything) (?:all )?(?:down|offline|out)(?= |$|[.?!,])|outages?|no (?:signal|internet|service|network|"
        r"connection|dial tone|broadband|wi-?fi)|not working for anyone|nothing (?:is )?(?:loads|loading|works|working)",
    ),
    _rule(
        "delay now",
        r"delayed|delays?|late|cancel(?:led|ed) (?:flight|train|order|booking|appointment)|(?:flight|train|bus|order|booking|"
        r"appointment) (?:was|is|has been|got|just|been) (?:just )?cancel\w+|sitting on the (?:tarmac|runway|plane)|"
        r"waiting (?:for|since|over|here|in|at)|tonight|today|right now|tomorrow|urgent\w*|asap|immediately|emergency",
    ),
    _rule(
        "money taken",
        r"(?:charged|billed|debited|deducted|taken|took|overcharged|paid)(?: \w+){0,3} (?:twice|double|again|extra|wrong|"
        r"without|money|from my|anyway|too much|[$£€₹]\s?\d+)|double[- ]charged|overcharg\w+|(?:money|refund|payment|funds) "
        r"(?:\w+ )?(?:gone|missing|never|not|hasn'?t|disappeared|still)|where(?:'s| is) my (?:money|refund)|stole\w*|"
        r"rip(?:ped)?[- ]?off|want my money|money back|scam\w*|robb(?:ed|ing)|thie(?:f|ves)|owe me",
    ),
    _rule(
        "locked out",
        r"locked out|(?:can'?t|cannot|can not|cant|unable to|not able to|won'?t let me|couldn'?t) (?:\w+ )?(?:log ?in|sign ?in|"
        r"access|get in(?:to)?|login|log on|recover)|account (?:\w+ ){0,2}(?:locked|suspended|disabled|blocked|banned|"
        r"deactivated|deleted|terminated|frozen|restricted)|(?:suspended|disabled|blocked|banned|terminated|froze) my",
    ),
    _rule(
        "lost property",
        r"(?:lost|left|forgot|missing|misplaced)(?: \w+){0,4} (?:bags?|luggage|suitcases?|phone|wallet|purse|laptop|ipad|"
        r"keys|passport|coat|jacket|glasses|headphones|airpods|backpack|camera|ring|watch|kindle|umbrella)|lost (?:and|&|n) "
        r"found|lost property|baggage (?:claim|lost|missing)|(?:bags?|luggage|suitcases?)(?: \w+){0,3} (?:lost|missing|never|"
        r"not|didn'?t|hasn'?t|still)",
    ),
)

_ABUSE: Final = _rule(
    "abuse",
    r"fuck(?:ing)? (?:you|u|off|yourself)|f+ ?u+ (?:all|too)|(?:you|u|ur|you're|youre) (?:\w+ ){0,2}(?:idiots?|morons?|scum|bitch(?:es)?|"
    r"cunts?|pricks?|wankers?|arseholes?|assholes?|retards?|trash|garbage|clowns?|thieves|bastards?|pigs?)|"
    r"cunts?|motherfuckers?|wankers?|retard(?:ed|s)?|go to hell|eat shit|piece of shit|kys",
)

_ASKING: Final = _rule(
    "asks or needs something",
    r"\?",
    r"help(?:ed|ing)?|please|pls|plz|how (?:do|can|to|long|much|many|come|about|is|are|does|did|would|could)|why|when|where|"
    r"what(?:'s| is| are| do| does| time| the)|who|which|can (?:you|u|i|we|someone|anyone|y'?all)|could (?:you|i|we|someone)|"
    r"would (?:you|it|like)|will (?:you|there|it|this|i)|do (?:you|u|i|we)|does|is there|are there|any(?:one| idea| update| news|"
    r" chance| way)|need(?:s|ed|ing)?|want(?:ed|s)?|looking (?:for|to)|trying|tried|i'?d like|wonder(?:ing)?|dm(?: me| sent|'?d|ed)?|"
    r"advise|assist\w*|support|contact|explain|fix(?:ed)?|sort (?:it|this|out)|let me know|tell me|should|suggest\w*|request",
)

_COMPLAINING: Final = _rule(
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

_TURNING: Final = _rule(
    "may be sarcasm or a turn",
    r"but|however|except|although|though|only|finally|again|another|apparently|supposedly|so much for|good job|nice job|way to go|"
    r"well done (?:for|on)|bravo|slow clap|congrat\w*|thanks for (?:nothing|the|making|ruining|letting|losing|not)|thanks a (?:lot|bunch)|"
    r"love (?:how|when|that|it when|being|waiting|paying)|great (?:way|start)|yeah right|\w+ \d+ (?:hours?|hrs?|days?|weeks?|min\w*)|"
    r"/s|🙃|🙄|😒|😑|😤|😡|🤬|👎|😠|💩|🤡|😭|😢|😞|🤦\S*|🤷\S*|#fail|#not\w+|if|unless|until|wish|would be|could be|used to",
)

_PRAISING: Final = _rule(
    "clear praise or thanks",
    r"thank(?:s| you| u|you)|thx|ty|cheers|love(?:d|ly)?|loving|great|amazing|awesome|excellent|fantastic|brilliant|wonderful|perfect|"
    r"best|superb|outstanding|delicious|beautiful|helpful|friendly|happy|pleased|impress(?:ed|ive)|appreciat\w+|kudos|props|"
    r"shout ?out|well done|recommend\w*|favou?rite|good (?:service|job|work|food|stuff)|5 stars?|five stars?|legends?|"
    r"lifesavers?|heroes?|superstars?|yum\w*|gorgeous|❤\S*|😍|🥰|👏|🙌|💯|👍|😘|💕|🎉|🔥|⭐",
)

_CHATTING: Final = _rule(
    "small talk",
    r"good (?:morning|evening|afternoon|night)(?: \w+){0,3}|happy (?:birthday|new year|friday|monday|holidays|easter|christmas|weekend|"
    r"anniversary)(?: \w+){0,4}|l+o+l+|lmf?a+o+|ha(?:ha)+h?|same(?: here)?|me too|agreed?|true|facts|so true|first|wow|omg|yes+|yep|nice one|"
    r"good luck|congratulations|merry christmas|can'?t wait|see you (?:there|soon)",
)

_ADVERTISING: Final = _rule(
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
    return _compiled(_CRITICAL)


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
