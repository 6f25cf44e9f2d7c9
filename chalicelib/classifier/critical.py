"""The rules people can read about what is critical: each always queues a post as urgent; none decides anything else.

Names and words only; ``lexicon`` compiles them. A rule here may be too eager, for that costs one glance; it may
not be too narrow, for that costs somebody's safety.
"""

from __future__ import annotations

from typing import Final


def rule(name: str, *alternatives: str) -> tuple[str, str]:
    """Return a rule: its name, and its alternatives as one pattern of whole words."""
    return name, r"(?<![\w-])(?:" + "|".join(alternatives) + r")(?![\w-])"


_ME: Final = r"(?:me|us|my \w+|our \w+|him|her|them|someone|somebody|people|passengers?|customers?)"
_CHILD: Final = r"(?:kids?|child|children|baby|babies|toddler|newborn|infant|son|daughter|twins)"
_FRAIL: Final = (
    r"(?:elderly|disabled|wheelchair|pregnant|diabetic|blind|deaf(?! ears)|autistic|epileptic|dementia|alzheimer'?s|vulnerable|oxygen|insulin|"
    r"\d{2}[- ]year[- ]old (?:mother|father|mum|mom|dad|gran\w*|nan|grand\w+)|(?:[789]\d|1[0-7]|\d)[- ](?:year|yr|month|week|day)s?[- ]old)"
)

CRITICAL: Final = (
    rule(
        "safety",
        r"stopped breathing|not breathing|panic attacks?|salmonella|listeria|e\.? ?coli|intensive care|(?:night|hours|now|up) in (?:the )?(?:er|icu|hospital)|monoxide(?! (?:alarms?|detectors?)(?! (?:is|has|keeps|going|goes|went|won't)))|"
        r"(?:lost|knocked out|broke|chipped)(?: \w+)? (?:teeth|tooth|finger|consciousness|sight)|(?:caught|trapped|crushed|burn(?:ed|t)?)(?:,? [\w']+){0,4} "
        r"(?:my|his|her) (?:foot|hand|fingers?|arm|leg|hair|face|neck)|landed on (?:his|her|my|their) |dragged (?:me|him|her|my)|off the road by|"
        r"(?:toddler|baby|child|son|daughter|kid)(?:,? [\w']+){0,2} (?:eaten|ate|drank|swallowed)|(?:is|am|i'm|son|daughter|wife|husband|kid|severely) allergic to|"
        r"emergency (?:line|number|services|pendant|calls?|alarm)|(?:999|911|112) (?:calls?|isn'?t|not|down)|accelerator|manhole|wrong (?:tablets?|pills|medication|medicine|dose)",
        r"stitches|concuss\w+|fractur\w+|scald\w*|paramedics?|unresponsive|fainted|swallowed (?:it|a|one|some|the) |poisoned|electrified|"
        r"(?:cut|split|sliced|gashed|crushed) (?:my|his|her) (?:\w+ )?(?:hand|head|face|arm|leg|foot|finger|lip)s?|on (?:a|fluids|iv) drip|"
        r"(?:broken|broke (?:my|his|her|a)) (?:arm|leg|wrist|back|hip|ankle|nose|bone|rib|collarbone|neck|toe|foot|hand|tooth)|"
        r"(?:hit|banged|cracked|on) (?:my|his|her|their) heads?(?! (?:around|against the wall))|head injur\w+",
        r"(?:lips?|face|eyes?|throat|tongue|mouth)(?:,? [\w']+){0,3} swe?o?lle?n?(?:ed|ing)?|swelled up|reaction to (?:your|the|this)|broke out in hives|"
        r"(?:throwing up|vomiting|been sick|violently ill|very ill|sick|ill) (?:all (?:night|day)|since|after) ",
        rf"(?:fell(?! asleep| for| in love)|falling(?! asleep| for| in love)|dropped|collapsed|tipped|gave way|snapped|shattered|trapped|landed|came (?:off|loose|undone)|crushed|hit|left|locked)"
        rf"(?:,? [\w']+){{0,5}} {_CHILD}|{_CHILD}(?:,? [\w']+){{0,4}} (?:fell(?! asleep| for| in love)|trapped|hurt|injured|cut|burn(?:ed|t)|swallowed|unconscious|bleeding|fall in)",
        r"(?:engine|car|steering|brakes?|throttle|wheels?|ty?ire|tyre|seat ?belt|buckle|bonnet|hood|pedal|power)(?:,? [\w']+){0,3} "
        r"(?:cut out|locked up|came off|came undone|blew|blow out|fell off|went to the floor)|"
        r"(?:cut out|died|stalled|locked up|spun)(?:,? [\w']+){0,2} (?:at \d+\b(?! ?(?:years?|yrs?|months?|weeks?|days?|%|percent))|on the (?:motorway|highway|freeway|interstate|m\d+|a\d+)|across the)",
        r"nearly (?:hit|ran over|run over|knocked|crashed|fell|drowned|suffocated)|(?:ran|run|runs|jumped|through)(?:,? [\w']+){0,3} red lights?|"
        r"driver(?:,? [\w']+){0,4} (?:drunk|asleep|drinking|stoned|on his phone|on her phone|texting)|asleep at the wheel|no lifeguard|with (?:my|our|a|an|her|his|\w+) (?:[\w']+ )?(?:mum|mom|mother|dad|father|gran\w*|nan|wife|husband|man|woman|"
        r"lady|person|people|baby|kids?|son|daughter|child|passengers) (?:on it|in it|inside|stuck|trapped)|to warn (?:others|people|everyone)",
        r"(?:razor|blade|screw|nail|staple|mouse|rat|bone|glass|metal|needle|wire|tooth)(?:,? [\w']+){0,4} in (?:the|my|a|your|our) (?:\w+ ){0,3}(?:crisps|"
        r"chips|bread|soup|meal|food|salad|can|bottle|jar|burger|nugget\w*|chicken|cereal|pouch|rice|cake|drink|coffee)",
        r"mou?ld(?:y)? in (?:the|my|our|her|his) (?:baby|formula)|(?:charger|plug|socket|battery|kettle|heater|boiler|oven|iron|tv|fridge|it) (?:\w+ )?"
        r"(?:blew up|melted|exploded|sparked|swelled|burst)|melt(?:ed|ing) in(?:to)? (?:the|my)|(?:caught|set)(?:,? [\w']+){0,3} alight",
        r"smell(?:s|ing)?(?:,? [\w']+){0,3} burning|burning (?:smell|plastic|rubber|wires?)|smoke (?:filling|filled|in the)|(?:full of|fill(?:ed|ing)?(?: up)? with) smoke|stink\w* of gas|"
        r"gas (?:\w+ )?leak\w*|live (?:wires?|cables?)|(?:wires?|cables?|power ?lines?|pylon)(?:,? [\w']+){0,2} (?:down|lying|hanging|fallen|sparking)|"
        r"transformer (?:\w+ )?(?:exploded|blew|on fire)|flames|water(?:,? [\w']+){0,7} (?:fuse ?box|electrics|sockets?)|ceiling (?:\w+ )?(?:collapsed|fell)",
        r"(?:stuck|trapped)(?:,? [\w']+){0,2} (?:lift|elevator|ride|chairlift|ski lift|rollercoaster|cable car)|upside down with|escalator(?:,? [\w']+){0,4} (?:foot|hand|leg)|"
        r"(?:burgled|burglary|intruder|broke into (?:my|our)|break ?in at (?:my|our)|mugged|robbed at)",
        r"(?<!kids )(?<!kids are )(?<!mouth is )(?<!lips are )(?<!tongue is )(?<!lads are )(?<!servers )(?:caught|catch(?:es|ing)?|on|set) (?:on )?fire(?! (?:sale|stick|tv|tablet|safety))",
        r"(?:there'?s|there is) (?:a )?fire (?:in|at)|fire\W{1,4}(?:in|at) (?:your|the|our)(?! hole)|(?:fingers?|hand|arm|foot|leg|hair|coat|scarf)(?: [\w']+){0,2} (?:caught|stuck|trapped) in (?:the|your|an?)|"
        r"roof(?:'?s| has)? (?:\w+ )?(?:fallen|collapsed|caved|come) in|hanging (?:half )?out of (?:the|a|her|his) (?:seat|ride|car|window|door)",
        r"(?:smoke|smoking|sparks?|sparking|flames?) (?:was |were |is |are |came |coming |comes |pouring |started )*"
        r"(?:com(?:e|es|ing) |out |pour\w* )?(?:from|out|everywhere)",
        r"(?:is|was|started|began|starts) (?:smoking|sparking|smouldering|melting)",
        r"explod(?:ed|es|ing)|blew up in|burst into flames",
        r"electrocut\w+|electric shock|got a shock",
        r"(?:smell(?:s|ing)?(?: of)?|leak(?:ing)?) (?:of )?gas|gas (?:leak|smell)",
        r"burn(?:ed|t|ing|s) (?:my|his|her|our|the) (?:\w+ )?(?:hand|hands|face|arm|leg|skin|mouth|fingers?|house|"
        r"baby|son|daughter|child|scalp)|(?:chemical|third[- ]degree|second[- ]degree) burns?",
        r"allergic reaction|anaphyla\w+|epi-?pen|undeclared (?:nuts?|allergens?|milk|peanuts?)",
        r"food poison\w*|hospitali[sz]ed|(?:i'm|we're|she's|he's|are|is|was|were|am|now) in (?:the )?(?:hospital|a&e|icu|er)|drown(?:ed|ing)(?! in (?!(?:the|your|our|a) ))|"
        r"ended up in (?:the )?(?:hospital|a&e|er)|rushed to (?:the )?(?:hospital|a&e|er)|ambulance(?! (?:toys?|chasers?|show|bed|set))",
        r"(?:badly|seriously) (?:injured|hurt|burn(?:ed|t))|(?:got|been|was|were) (?:injured|hurt)|(?:i|he|she|we|they|son|daughter|baby|kid|who) (?:got|was|were) burn(?:ed|t)|broke my (?:arm|leg|ankle|wrist|tooth|hip)",
        r"(?<!ears are )(?<!screen is )bleed(?:ing|s)(?! (?:green|blue|red|gold|orange|edge|love|hell|at the edge|obvious|heart))|unconscious|passed out|collapsed|seizure|heart attack(?! (?:on a|material|in a bun))|chest pains?|can'?t breathe|chok(?:ed|ing)(?! (?:on my (?:\w+ )?laughing|down|up|on my (?:tea|coffee|drink|cereal)))|(?:won'?t|not|can'?t|isn'?t) wak(?:e|ing) (?:up|him|her|them)",
        r"(?:glass|metal|needle|blade|plastic|mou?ld|maggots?|insect|cockroach) in (?:my|the|his|her|our|a) "
        r"(?:\w+ )?(?:food|meal|salad|burger|sandwich|drink|milk|formula|bottle|cereal|pizza|soup|can|jar|bread|yog\w+)",
        r"(?:nearly|almost|could have|could've|going to|gonna) (?:killed|kill|died|die|hurt|crash\w*|chok\w+)(?! laughing)",
        r"brakes? (?:failed|fail|stopped|don'?t work|not working|gone)|airbags? (?!recall)|lost control of the (?:car|bus)",
        r"(?:there(?:'s| is)|planted?|plant|put|got|have|has) (?:a |the )?bombs?(?! (?:ass|recipe|dot))|bomb threat|"
        r"blow (?:up|it up|the place up)|active shooter|(?:a|his|her|has|with a|pulled a) (?:gun|knife|machete)",
    ),
    rule(
        "someone may harm themselves or others",
        r"tired of (?:being alive|living|life)|way out of this|i'?ll end it|left a note|hurt (?:your|them all|myself)|waiting for (?:him|her|you|them) with|put a match to|"
        r"(?:device|explosives?) (?:has been |was |is )?(?:left|planted|hidden)|(?:a|my) gun|watch (?:you|them) (?:burn|bleed|die)",
        r"end(?:ing)? it all|can'?t go on(?: like this)?(?= |$|[.,!?])|nothing (?:left )?to live for|(?:no|what'?s the) point (?:of|in|to) (?:living|being alive)|"
        r"don'?t want to be here(?: any ?more)?$|want to be here any ?more|tak(?:e|ing|en) (?:my|his|her|their) own li(?:fe|ves)|overdos\w+(?! of (?:cute|sugar|joy|nostalgia|pink|fun))|double dose|"
        r"jump off (?:a|the) (?:bridge|roof|building)|(?:nobody|no one) would miss me|better off (?:dead|without me)|no reason to live|don'?t want to be here",
        r"(?:break|snap|cut|smash|kick|punch) (?:his|her|their|your) (?:legs?|neck|face|head|arms?|skull|teeth|throats?)|end(?:s|ing)? up dead|(?:getting|gonna get|"
        r"should be|deserve to be) (?:shot|stabbed|killed|hanged|hung|lynched)|(?:bring(?:ing)?|got|have|with) (?:my|a|the) (?:\w+ )?(?:gun|knife|bat|machete|rifle|"
        r"shotgun|hammer|axe)|sure your family|your family (?:will |\'ll )?pays?|petrol and|hire (?:some )?security|which (?:gate|door|office) you work|(?:a|the) bombs? (?:on|in|at|under)",
        r"kill(?:ing)? (?:myself|himself|herself|themselves)|end(?:ing)? (?:my|it all|his|her) life|suicid(?:e|al)|"
        r"want to die|don'?t want to (?:live|be alive)|self[- ]harm",
        r"(?:i'?ll|i will|i'?m going to|gonna|we'?ll|going to|wanna|want to|swear i'?ll) (?:come (?:down )?(?:there|to) "
        r"(?:and|to) |fucking |f\W*ing )?(?:kill|shoot|stab|burn (?:down|your|the|it)|hurt|beat up|smash (?:up|your)|"
        r"torch|attack|strangle|murder)(?! (?:it|for|time|some|this|two|that|whoever|an?|my|these|those)\b)",
        r"(?:someone|somebody|people|they|you)(?:'s|'re| is| are|'ll| will)? (?:going to |gonna )?(?:get|gets|be) (?:badly )?hurt",
        r"know where you (?:live|work)|death threats?|watch your back|you(?:'ll| will) (?:all )?(?:pay for this|regret)",
    ),
    rule(
        "legal or regulator",
        r"(?:issue|issuing|start(?:ing)?|legal|court) proceedings|tribunal|(?:disability|equalities|data protection|sale of goods) act|courtroom|prosecut\w+|breaks? (?:the|consumer) law",
        r"(?:be )?served papers|legal counsel|statutory rights|consumer (?:act|credit act)|violat\w+ (?:of )?(?:the |my )?(?:ada|fcra|law|rights|hipaa|act)|hipaa|"
        r"faa|osha|hse|ofsted|cqc|cma|equality act|human rights|fraud squad(?! when)|crime (?:number|ref\w*)|police (?:report|complaint|case|station|officer|involved)|"
        r"(?:call(?:ed|ing)?|contact\w*|gone to|going to|told|get|involv\w+|report\w*(?: \w+)? to) the (?:police|cops)",
        r"(?<!the )lawyers?(?! (?:friends?|jokes?|says hi|show))|solicitors?|attorneys?|barrister|legal (?:action|team|advice|claim|proceedings|rights|notice)|"
        r"lawsuits?|class[- ]action|litigation|law suit",
        r"su(?:e|ing) (?:you|them|your|the|this|for(?! peace)|over|amazon|\w+ for)|(?:will|gonna|going to|can i|to|i'll) sue|"
        r"small claims|(?:take|taking|see) (?:you|them) (?:in|to) court|court (?:date|order|papers|claim)|in court",
        r"ombudsman|(?<!window )(?<!voltage )(?<!gas )(?<!pressure )regulator|trading standards|better business bureau|\bbbb|attorney general|consumer (?:rights|court|"
        r"protection|affairs|forum|commission)|ofcom|ofgem|ofwat|cfpb|ftc|fca|fcc|dot complaint|caa|"
        r"information commissioner|data protection|gdpr|chargeback|citizens advice|letter before action|section 75",
        r"(?:reported?|reporting|complain(?:ed|ing)?|complaint) (?:you |this |them |it )?(?:to|with) (?:the )?"
        r"(?:police|authorit\w+|fda|hse|health (?:dept|department|inspector)|environmental health)",
        r"(?:is|was|be|this|that'?s|it'?s) (?:so |totally |completely |clearly |surely )?illegal|against the law|"
        r"breach of (?:contract|the law|privacy)|discriminat(?:ed|ion|ing|e|ory)|unlawful\w*|criminal (?:act\w*|offen[cs]e|behaviou?r|damage|case|charges?|negligence)|criminally",
    ),
    rule(
        "press or a call to share",
        r"(?:producer|editor|journalist|correspondent|researcher|reporter|columnist) (?:at|for|from|with)|(?:writing|story|piece|article)(?:,? [\w']+){0,4} (?:for|in) the "
        r"(?:guardian|times|post|mail|sun|mirror|herald|telegraph|independent|tribune|standard|nation|press)|deadline (?:is |of )?\d|(?:news|camera|tv) crew|"
        r"every (?:news)?paper|(?:start(?:ed|ing)?|signed?|launch\w*) (?:a|the|this|our) petition|petition (?:against|with)|(?:video|thread|post)(?:,? [\w']+){0,3} \d+[km] views|comment (?:on|about|for) (?:the|a|our|your)(?:,? [\w']+){0,3} by \d|(?:national|local) (?:news|press|paper)s?(?= |$)",
        r"journalist|reporter (?:at|for|from|with)|i'?m a reporter|news ?desk|press (?:enquir\w+|inquir\w+|"
        r"contact|team|officer)|media (?:enquir\w+|inquir\w+|contact|team|request)|(?:on|for) the record|"
        r"(?:writing|doing|running|working on) (?:a|an|the) (?:story|article|piece|report|investigation)|"
        r"(?:going|go|went|take this|talk(?:ing)?|speak(?:ing)?) to the (?:press|papers|media|news\w*)|"
        r"tell(?:ing)? the (?:press|media)|watchdog|right of reply|request for comment|deadline for comment",
        r"boycott\w*|(?:please|pls|plz|everyone|kindly) (?:share|retweet|rt)(?! your| the (?:link|details|love|code))|"
        r"share (?:this )?(?:to (?!win|enter)|so|until|widely|far)|make this (?:go )?viral|go(?:ing|ne)? viral|spread the word about how|"
        r"(?:rt|retweet) (?:if (?!you)|to warn)|#(?:boycott|cancel|stop)\w+",
    ),
    rule(
        "account takeover or fraud",
        r"in my account (?:right )?now|(?:password|email|number|recovery \w+) (?:was |has been |got |is )?changed(?: and| by|,|$)|ported my (?!number (?:in|to you|over|across))|leaked (?:our|my|customer\w*|everyone)|"
        r"(?:page|account|channel|profile) (?:has been |was |got |is being )(?:stolen|taken over|hijacked)|a stranger'?s account|(?:gave|given|told)(?:,? [\w']+){0,4} my (?:code|pin|otp|password)|"
        r"card is being used|(?:statements?|records?|details) of (?:a|another|some) (?:lady|man|woman|stranger|customer|person|patient)",
        r"(?:see|seeing|sees|i'm in|sent|emailed|mailed|got|received|show\w*|into|had|given|giving)(?:,? [\w']+){0,4} (?:some(?:one|body)|strangers?|(?:\w+ )?other (?:people|customers?|patients?|"
        r"users?|families)|another (?:customer|person|user|patient|man|woman|family))(?:'?s)?(?: else)?(?:'?s)?(?:(?:,? [\w']+){0,3}|(?:'|,)) (?:details?|accounts?|statements?|records?|"
        r"data|names?|address\w*|information|bank\w*|files?|bills?|photos?|medical|results)",
        r"(?:my|our|his|her)(?: kid'?s| \w+)? (?:details|records|data|information|photos?|results|password|file)(?:,? [\w']+){0,3} (?:stranger|wrong person|someone else|"
        r"public|leaked|exposed|online)|data (?:breach|leak)\w*|breached|database is|(?:loans?|accounts?|cards?|contracts?|polic(?:y|ies)|taxes)(?: \w+)? (?:in|with|under|using) my "
        r"(?:name|social|identity|ssn)",
        r"got in ?to my|identity (?:has|was|is) (?:been )?(?:used|stolen)|all my savings|savings (?:are |have |is )?gone|empt(?:ied|ying) my|clean(?:ed|ing) out my|"
        r"money (?:has |was |is |being |been )*(?:moved|transferred|sent|withdrawn|taken)(?: out of| from)|transferred (?:\w+ )?(?:money|funds) (?:out|from)|"
        r"they(?:'re| are) (?:using|in|on|draining|emptying) my|(?:scammer|hacker|thief|stranger|fraudster)s?(?:,? [\w']+){0,3} my|been phished|using my (?:card|name|identity|account|photos)",
        r"(?<!life )hack(?:ed|ers?|ing)(?! (?:my way|together))(?: (?:in(?:to)?|my|our|me|account))?(?!athon)",
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
    rule(
        "stranded, or minutes to act",
        r"dumped (?:at|in|by|on)|no rooms?(?:,? [\w']+){0,4} (?:midnight|tonight|island|town|city)|(?:gate|doors?|check[- ]?in|window) (?:shuts?|closes?) in|"
        r"(?:my|her|his) (?:surgery|operation|chemo|transplant|scan) (?:is )?(?:tomorrow|today|tonight|this morning|in|on)|locked out of (?:\w+ )?(?:rental|house|flat|airbnb|room)",
        r"no hotels?(?! (?:booking|points|fee))|last (?:ferry|train|bus|boat|flight|tube) (?:\w+ )?(?:gone|left|missed)|'s gone, no|no passport|(?:still )?ha(?:ve|s) (?:my|our) passport|"
        r"(?:sleep(?:ing)?|slept|asleep|night) on (?:the |an |a )?(?:\w+ )?(?:floor|carpet|bench\w*|chairs)|(?:left|dropped|dumped|put off|kicked off|abandoned|thrown off|threw \w+ out)"
        r"(?:,? [\w']+){0,8} (?:middle of (?:the |)(?:night|nowhere)|wrong (?:town|city|stop|station|place|address)|in the dark|side of the road|petrol station|services|at \d{1,2} ?am)|"
        r"middle of nowhere|(?:1[0-7]|alone) and (?:on my own|alone)|on my own at night|hard shoulder|marooned|evacuat\w+",
        r"strand(?:ed|ing)|stuck (?:at|in|on|here|outside|inside) (?:the |a |an |your |this )?(?:airport|station|platform|"
        r"terminal|gate|plane|tarmac|train|bus|elevator|lift|motorway|highway|roadside|side of the road|snow|cold|rain|"
        r"middle of nowhere|\w+ airport|\w+ station|customs|border|car park)|stuck here|no way (?:home|to get home|back)",
        r"miss(?:ed|ing)? (?:my|our|the|his|her|a) (?:\w+ )?(?:funeral|wedding|"
        r"surgery|operation|interview|exam|cruise)|(?:gonna|going to|will|about to|might) miss",
        r"(?:boards?|boarding|leaves?|leaving|depart(?:s|ing|ure)?|takes? off|closes?|starts?|begins?) (?:is )?"
        r"(?:in )(?:less than |under |about |like |only )?(?:a |an |one |half an |\d{1,2} ?)(?:min\w*|hours?|hrs?|h|m)\b|"
        r"(?:due|flight|train|ferry|meeting|interview|exam|call|class|appointment|presentation|test|surgery|wedding|is|are|'s|there|"
        r"live|gate|kick ?off) (?:in|within) (?:the next )?(?:less than |under |only |about )?(?:\d{1,2}|five|ten|fifteen|twenty) ?min(?:ute)?s|"
        r"(?:boarding|gate closing) now",
        r"nowhere to (?:sleep|stay|go)|sleep(?:ing)? (?:on|at|in) the (?:floor|airport|station|street)|locked (?:out|in|"
        r"inside) (?:of )?(?:my|the|our|a|this|your) (?:house|home|car|flat|room|apartment|store|shop|toilet|airbnb)|"
        r"broken down|broke down on|no heat(?:ing)?|without (?:heat\w*|water|power|electricity)|"
        r"no (?:hot )?water(?! bottle)|no power|no electricity|freezing (?:house|flat|home|cold|in)",
    ),
    rule(
        "harassment",
        r"n[- ]word|monkey (?:noises|chants)|breast-?feed\w*|without (?:their|my|her|his|our) consent|(?:to|and) track (?:me|my)|tracking me|kiss me|threaten\w* to (?:post|share|leak|send|kill|hurt)|"
        r"groom(?:ed|ing)|(?:private|intimate) (?:pictures|photos|videos)|into the (?:toilets?|bathroom|changing room)|dead (?:son|daughter|child|mother|father|wife|husband)'?s",
        r"because (?:i'?m|i am|we'?re|we are|he'?s|she'?s|they'?re|he was|she was|of (?:my|his|her|their|our)|i wear(?: a)?|i have(?: a)?) (?:\w+ )?(?:black|brown|asian|african|indian|"
        r"arab|mexican|trans|gay|lesbian|queer|muslim|jewish|sikh|hindu|disabled|deaf|blind|women|a woman|wheelchair|skin|hijab|turban|headscarf|race|accent|disability|religion|"
        r"ethnicity|nationality|gender|sexuality|age|beard|weight|pregnant)|colou?r of (?:my|his|her|our|their) skin|(?:for|over) being (?:black|brown|trans|gay|asian|muslim|jewish|disabled|deaf|pregnant)",
        r"go back to (?:my|your|our|his|her|their|where)|(?:people like us|brown people|(?:a|your) terrorist)|(?:real|proper) (?:woman|man)|"
        r"mock(?:ed|ing) (?:my|his|her|our) (?:\w+)|exposed himself|hands? (?:on|up|down) (?:my|her|his) (?:thigh|leg|bum|chest|breast|skirt|shirt|waist)|"
        r"(?:film(?:ed|ing)|record(?:ed|ing)|photograph\w*) (?:me|us|my|her|children)|nudes|indecent|creepy|perv\w*|comments (?:about|on) (?:my|her|our) (?:\w+ ){0,2}(?:body|legs|looks|chest)",
        r"grabb(?:ed|ing) (?:me|my|her|him|us|our)|(?:rep|agent|driver|courier|employee|man|he)(?:,? [\w']+){0,3} (?:texting|messaging) me|messag(?:ing|es|ed) (?:to )?(?:my|our) (?:\w+ ){0,3}(?:son|daughter|kid|child)\w*|asking (?:for|my)(?:,? [\w']+){0,3} (?:pictures|photos|nudes)|"
        r"(?:post(?:ed|ing)|shar(?:ed|ing)|leak(?:ed|ing)) my (?:home )?(?:address|number|photos|pictures|location)|(?:guide|service|assistance) dogs?(?:,? [\w']+){0,4} (?:refused|denied|turned|kicked|"
        r"not allowed)|(?:refus\w+|den(?:ied|y\w*)|turned away|kicked out)(?:,? [\w']+){0,5} (?:guide dog|service dog|assistance dog|wheelchair|hijab|disab\w+)|shov(?:ed|ing) (?:me|my|him|her|us)",
        r"harass(?:ed|ing|ment|es)?|assault(?:ed|ing)?|grop(?:ed|ing)|molest\w*|rap(?:ed|ist)|stalk(?:ed|ing|er)|"
        r"racis(?:t|m|ts)|racially|sexist|sexism|homophob\w+|transphob\w+|anti-?semit\w+|islamophob\w+|xenophob\w+|slur|"
        r"touched (?:me|my \w+) inappropriately|inappropriately|(?:threaten|threatened|threatening|intimidat\w+|spat at|"
        rf"pushed|shoved|punched|hit|bullied|bullying|followed) {_ME}",
        r"abus(?:ed|ive|ing)|child porn\w*|grooming|predator|blackmail\w*|extort\w*|dox+(?:ed|ing)|revenge porn",
    ),
    rule(
        "vulnerable person",
        r"(?:heart|blood pressure|cancer|seizure|epilepsy|asthma|diabetes) (?:tablets|pills|meds|medication|medicine)|(?:one|last|no) dose|(?:oxygen|insulin)(?:,? [\w']+){0,3} (?:neighbour|neighbor|due|"
        r"yesterday|left|gone)|baby on a monitor|(?:mum|mom|dad|gran|nan|mother|father)(?:,? [\w']+){0,4} on the floor|mum is \d\d|mother is \d\d|use a (?:wheel)?chair",
        rf"(?:wrong|left|lost|put|touched|sold|forgot|abandoned)(?:,? [\w']+){{0,4}} (?:my|our|a|an) (?:\w+ )?{_FRAIL}|{_FRAIL}(?:,? [\w']+){{0,9}} (?:wrong|standing|shaking|freezing|cold|hours|floor|sold|"
        r"cut off|missed|lost|on (?:her|his|my|their) own|throwing up|sick|struggling|can'?t (?:walk|breathe|hear|see))",
        r"(?:has|with) (?:dementia|alzheimer'?s|epilepsy|cancer|parkinson'?s)|ventilator|dialysis|nebuli[sz]er|oxygen (?:machine|tank|concentrator|supply)|pacemaker|feeding tube|"
        r"(?:insulin|inhaler|medication|meds|medicine|epi-?pens?)(?:,? [\w']+){0,5} (?:bag|suitcase|luggage|lost|gone|missing|fridge)|in labou?r|went into labou?r|suicid\w+|"
        r"(?:no|without) (?:\w+ )?(?:meds|medication|medicine|insulin)|unaccompanied (?:minor|child)|with (?:a |my |our )?(?:\w+ )?(?:sick|ill|hungry) (?:kids?|child|children|baby|toddler|newborn)|months? pregnant",
        rf"{_FRAIL}(?:,? [\w']+){{0,6}} (?:left|waiting|alone|stuck|stranded|without|ignored|refused|turned away|crying|scared|"
        rf"denied|no help|abandoned|outside|no assistance)|(?:left|refused|denied|abandoned|ignored|stuck with) "
        rf"(?:(?:my|an?|our|the) )?(?:\w+ )?{_FRAIL}|{_CHILD} (?:is |are |was |were )?(?:missing|lost|alone|locked|"
        r"freezing|crying|sick|ill|choking|left alone|unaccompanied)",
        r"(?:needs?|out of|without|lost|missing|no|run out of|waiting for) (?:my |his |her |their |the )?(?:life[- ]?saving )?"
        r"(?:insulin|inhaler|medication|medicine|meds|prescription|oxygen|wheelchair|dialysis|baby formula|epi-?pen)",
        r"medical emergency|emergency surgery|(?:domestic|child) (?:abuse|violence)|life[- ]threatening|life or death",
    ),
)
