"""What a post is about and whose desk that is: the taxonomy's topics, their queues, and their plainest words."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

OTHER: Final = "other"

QUEUES: Final = {
    "money": ("billing_payment", "refund_cancellation"),
    "orders": ("delivery_order", "lost_property"),
    "technical": ("technical_outage", "product_quality", "feature_feedback"),
    "account_security": ("account_access", "security_fraud"),
    "travel": ("booking_change", "delay_disruption"),
    "service_general": ("staff_service", "policy_moderation", "info_howto"),
}
QUEUE_OF: Final = {topic: queue for queue, topics in QUEUES.items() for topic in topics} | {OTHER: OTHER}

_WORDS: Final = {
    "security_fraud": r"hack\w*|fraud\w*|phish\w*|scam\w*|stolen|unauthori[sz]ed|compromised|suspicious|spoof\w*|spam\w*|leak(?:ed)?|"
    r"data breach|identity|impersonat\w*|malware",
    "account_access": r"log ?(?:in|on|ging|ged)\w*|sign(?:ed|ing)? ?(?:in|on)|passwords?|locked out|verif\w+|otp|2fa|two[- ]factor|2[- ]step|"
    r"reset|recover\w*|username|(?:my|an|the) account|suspended|banned|deactivat\w+|authenticator|access",
    "refund_cancellation": r"refund\w*|cancel\w*|money back|return(?:s|ed|ing)?|reimburs\w*|compensat\w*|voucher|non[- ]?refundable|exchange",
    "billing_payment": r"bill(?:s|ed|ing)?|charg(?:e|ed|es|ing)|payments?|paid|pay(?:ing)?|invoices?|overcharg\w*|direct debit|price\w*|fees?|"
    r"subscription|card|deposit|transfer|interest|\$\d|£\d|€\d|tariff|cost\w*|balance|gift card|promo",
    "lost_property": r"lost (?:and|&|n) found|lost property|left my|forgot my|(?:lost|missing|left)(?: \w+){0,3} (?:bags?|luggage|suitcases?|"
    r"phone|wallet|purse|laptop|ipad|keys|passport|coat|jacket|glasses|headphones|kindle)|baggage|luggage|suitcase",
    "delivery_order": r"deliver\w*|orders?|ordered|parcels?|packages?|shipp\w*|shipment|tracking|courier|driver|dispatch\w*|arriv(?:e|ed|ing)|"
    r"out of stock|in stock|pre-?order|delivery slot|warehouse|wrong item",
    "delay_disruption": r"delay\w*|late|flights? (?:\w+ ){0,2}cancel\w*|cancel\w* (?:\w+ ){0,2}(?:flights?|trains?)|strand\w*|missed (?:my|our) connection|"
    r"tarmac|strike|disruption|replacement bus|stuck at|rebook\w*|diverted",
    "booking_change": r"book(?:ing|ings|ed)|reserv\w+|seats?|check[- ]?in|boarding pass|upgrade|itinerary|flights?|trains?|tickets?|hotel|rooms?|"
    r"gate|airport|layover|miles|rental|trip|passenger|travel\w*",
    "technical_outage": r"error\w*|crash\w*|bugs?|glitch\w*|not working|won'?t (?:load|open|work|play|start|connect|turn|update|install|let)|"
    r"doesn'?t (?:load|work|open|play)|isn'?t working|stopped working|down|outage|offline|wi-?fi|internet|broadband|signal|"
    r"servers?|load(?:s|ing)?|app|website|site|update\w*|download\w*|install\w*|connect\w*|buffer\w*|stream\w*|screen|freez\w*|lag\w*|sync\w*",
    "product_quality": r"broke|broken|faulty|defect\w*|quality|fell apart|ripped|torn|stale|mou?ld\w*|off|rotten|raw|undercooked|tast\w+|burnt|"
    r"cold food|battery|charger|cracked|leak(?:s|ing)|warranty|repair\w*|replace\w*|damaged|dead",
    "staff_service": r"rude\w*|staff|employees?|manager|agents?|reps?|representative|customer (?:service|support|care)|attitude|on hold|"
    r"hung up|cashier|waiter|waitress|crew|unhelpful|unprofessional|service|hold for|call (?:centre|center)|queue|line",
    "policy_moderation": r"polic(?:y|ies)|terms|report(?:ed|ing)?|moderat\w*|copyright|demoneti[sz]\w*|moneti[sz]\w*|price gouging|guidelines|"
    r"unfair|allow\w*|ban|content|inappropriate|removed my|rule|privacy",
    "feature_feedback": r"features?|suggest\w*|would be (?:nice|great|cool)|bring back|please add|can you add|wish|option to|dark mode|redesign|"
    r"new (?:layout|design|update|version)|improve\w*|idea|feedback",
    "info_howto": r"how (?:do|can|to|does|much|long)|when (?:do|is|are|will|does|can)|where (?:is|are|can|do)|what time|open(?:ing)? (?:hours|today|on)?|"
    r"is there (?:a|any)|do you (?:have|sell|offer|know)|available|hours|info\w*|possible to|does (?:this|it|the)|are you open|closed",
}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((topic, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")) for topic, words in _WORDS.items())


def mentions(text: str) -> dict[str, int]:
    """Return how often each topic's words stand in lower-case ``text``; topics without a word are left out."""
    counts = ((topic, len(pattern.findall(text))) for topic, pattern in _patterns())
    return {topic: count for topic, count in counts if count}


def plainest(text: str) -> str:
    """Return the topic most spoken of; on equal counts the more specific one, as listed; else ``other``."""
    counts = mentions(text)
    return max(counts, key=lambda topic: counts[topic]) if counts else OTHER
