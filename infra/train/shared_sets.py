"""The licence-clean labelled sets beside the repository, their labels translated into the taxonomy.

What a set does not say stays None and teaches nothing. No text of these sets is written anywhere.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.classifier.language import ENGLISH, language_of
from chalicelib.classifier.text import Text
from infra.train.examples import Example, needs_of, own_post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return a set's rows in the order of its file."""
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def gold(folder: Path) -> Iterator[Example]:
    """Yield the posts to brands that were labelled for this taxonomy."""
    for row in rows(folder, "gold.shared"):
        yield Example(
            text=row["text"],
            source="gold",
            group=f"brand:{row['brand']}",
            needs=float(row["needs_response"]),
            kind=row["respond"],
            sentiment=row["sentiment"],
            urgency=row["urgency"],
            topic=row["topic"],
        )


READ: Final = Path(__file__).parent / "labels" / "ibm_care.txt"
"""What we read in the care set's posts, by their ids: `ID c-1 delay`, as in ``posts/*.txt``."""


def ibm_care(folder: Path) -> Iterator[Example]:
    """Yield real posts to brands: as we read them; the rest, which a human answered, as a weak sign that they needed it."""
    labelled = {row["id"] for row in rows(folder, "gold.shared")}
    read = dict(line.split(" ", 1) for line in READ.read_text("utf-8").splitlines() if line[0] != "#")
    for row in rows(folder, "ibm_care"):
        brand = f"brand:{row['brand']}"
        if row["id"] in read:
            ours = own_post(f"{read[row['id']]} | {' '.join(row['text'].split())}", READ.stem)
            yield replace(ours, source="care", group=brand)
        elif row["id"] not in labelled:
            weight = 0.7 if row["label"] == "opener" else 0.3
            yield Example(row["text"], "ibm_care", brand, needs=1.0, weight=weight)


def vader(folder: Path) -> Iterator[Example]:
    """Yield everyday tweets with how people felt reading them; those that ask or accuse do not teach need."""
    for row in rows(folder, "vader_gt"):
        quiet = row["label"] != "negative" and "?" not in row["text"]
        kind = {"positive": None, "neutral": "chatter", "negative": None}[row["label"]] if quiet else None
        yield Example(
            row["text"],
            "vader_gt",
            f"vader:{len(row['text']) % 10}",
            needs=0.0 if quiet else None,
            kind=kind,
            sentiment=row["label"],
            weight=0.4,
        )


def crisislex(folder: Path) -> Iterator[Example]:
    """Yield news and sympathy about disasters: grave words, and nothing is asked of a brand."""
    for row in rows(folder, "crisislex"):
        text = Text(row["text"])
        if language_of(text.visible, text.words, text.letters) != ENGLISH:
            continue
        yield Example(
            row["text"], "crisislex", f"crisis:{row['event']}", needs=0.0, kind="chatter", weight=0.4
        )


def davidson(folder: Path) -> Iterator[Example]:
    """Yield rude talk that is not to a brand; rudeness alone is not a complaint."""
    for row in rows(folder, "davidson"):
        if "?" not in row["text"]:
            yield Example(row["text"], "davidson", "davidson", needs=0.0, weight=0.2)


def sms(folder: Path) -> Iterator[Example]:
    """Yield spam, and private chat that asks nothing."""
    for row in rows(folder, "sms_spam"):
        if row["label"] == "spam":
            yield Example(row["text"], "sms_spam", "sms", needs=0.0, kind="spam", urgency=0, weight=0.5)
        elif "?" not in row["text"]:
            yield Example(row["text"], "sms_spam", "sms", needs=0.0, kind="chatter", weight=0.15)


_BANKING: Final = (
    (r"compromised|stolen|not_recogni|fraud", "security_fraud"),
    (r"passcode|pin_blocked|verify|identity|edit_personal|terminate", "account_access"),
    (r"refund|cancel", "refund_cancellation"),
    (r"arrival|delivery|order_physical", "delivery_order"),
    (
        r"charge|fee|transfer|top_up|topping|exchange|declined|payment|cash|balance|pending|wrong",
        "billing_payment",
    ),
)


def banking77(folder: Path) -> Iterator[Example]:
    """Yield questions to a bank."""
    for row in rows(folder, "banking77"):
        topic = next((t for pattern, t in _BANKING if re.search(pattern, row["label"])), "info_howto")
        urgency = 2 if "compromised" in row["label"] else None
        yield Example(
            row["text"],
            "banking77",
            f"bank:{row['label']}",
            needs=1.0,
            kind=None,
            urgency=urgency,
            topic=topic,
            weight=0.3,
        )


_CLINC: Final = {
    "security_fraud": "report_fraud report_lost_card freeze_account",
    "account_access": "account_blocked pin_change",
    "billing_payment": "transfer balance pay_bill bill_due bill_balance card_declined international_fees min_payment "
    "interest_rate direct_deposit credit_limit credit_limit_change apr rewards_balance redeem_rewards transactions",
    "delivery_order": "order_status new_card replacement_card_duration order_checks damaged_card",
    "lost_property": "lost_luggage",
    "booking_change": "book_flight book_hotel cancel_reservation confirm_reservation car_rental restaurant_reservation",
    "delay_disruption": "flight_status",
    "info_howto": "carry_on international_visa travel_alert travel_notification insurance accept_reservations "
    "application_status vaccines how_busy",
}
_CLINC_TOPIC: Final = {label: topic for topic, labels in _CLINC.items() for label in labels.split()}
_CLINC_KIND: Final = {
    "thank_you": "praise",
    "greeting": "chatter",
    "goodbye": "chatter",
    "yes": "chatter",
    "no": "chatter",
}


def clinc150(folder: Path) -> Iterator[Example]:
    """Yield what people ask an assistant that they might ask a company, and small talk."""
    for row in rows(folder, "clinc150"):
        topic, kind = _CLINC_TOPIC.get(row["label"]), _CLINC_KIND.get(row["label"])
        if topic or kind:
            kind = kind or "request"
            yield Example(
                row["text"],
                "clinc150",
                f"clinc:{row['label']}",
                needs=needs_of(kind),
                kind=kind,
                topic=topic,
                weight=0.3,
            )


_BITEXT: Final = {
    "ORDER": "delivery_order",
    "SHIPPING": "delivery_order",
    "DELIVERY": "delivery_order",
    "ACCOUNT": "account_access",
    "PAYMENT": "billing_payment",
    "INVOICE": "billing_payment",
    "REFUND": "refund_cancellation",
    "CANCEL": "refund_cancellation",
    "CONTACT": "staff_service",
}


def bitext(folder: Path) -> Iterator[Example]:
    """Yield made-up requests to a shop."""
    for row in rows(folder, "bitext"):
        kind = "complaint" if row["label"] == "complaint" else "request"
        topic = "refund_cancellation" if row["label"] == "cancel_order" else _BITEXT.get(row["category"])
        yield Example(
            row["text"], "bitext", f"bitext:{row['label']}", needs=1.0, kind=kind, topic=topic, weight=0.2
        )


_HINT: Final = (
    (r"ORDER_STATUS|DELAY|RESUME_DELIVERY|ORDER_QUERY|MODIFY_ADDRESS|PINCODE", "delivery_order"),
    (r"REFUND|RETURN|CANCEL", "refund_cancellation"),
    (r"PAYMENT|EMI|DEDUCTED|WITHDRAW|DEPOSIT|BALANCE|COD|COST|TAX", "billing_payment"),
    (r"VERIFY|VERIF|CHANGE_|ACCOUNT|SIGN_UP", "account_access"),
    (r"CHAT_WITH|CALL_CENTER|CONTACT|CRITICISM", "staff_service"),
    (r"CANNOT|NOT_UPDATED|PORTAL|WRONG", "technical_outage"),
)
_HINT_QUIET: Final = {"APPRECIATION": "praise", "THANKS": "praise", "GREETINGS_DAY": "chatter"}


def hint3(folder: Path) -> Iterator[Example]:
    """Yield what people typed to three shops' assistants."""
    for row in rows(folder, "hint3"):
        kind = _HINT_QUIET.get(row["label"], "request")
        topic = next((t for pattern, t in _HINT if re.search(pattern, row["label"])), "info_howto")
        yield Example(
            row["text"],
            "hint3",
            f"hint:{row['label']}",
            needs=needs_of(kind),
            kind=kind,
            topic=topic if kind == "request" else None,
            weight=0.4,
        )


_DOGO_QUIET: Final = {
    "thankyou": "praise",
    "closinggreeting": "chatter",
    "openinggreeting": None,
    "confirmation": "chatter",
    "rejection": "chatter",
}
_DOGO: Final = (
    (r"seat|flight|boarding", "booking_change"),
    (r"bill|expense|receipt", "billing_payment"),
    (r"broken|server|software|data", "technical_outage"),
    (r"order", "delivery_order"),
    (r"cancel|stop", "refund_cancellation"),
    (r"account", "account_access"),
)


def multidogo(folder: Path) -> Iterator[Example]:
    """Yield the intents of six service desks; bare contents of an open conversation teach nothing."""
    for row in rows(folder, "multidogo"):
        if row["label"] in ("contentonly", "outofdomain") or _DOGO_QUIET.get(row["label"], "") is None:
            continue
        kind = _DOGO_QUIET.get(row["label"]) or "request"
        topic = next((t for pattern, t in _DOGO if re.search(pattern, row["label"])), "info_howto")
        yield Example(
            row["text"],
            "multidogo",
            f"dogo:{row['dom']}",
            needs=needs_of(kind),
            kind=kind,
            topic=topic if kind == "request" else None,
            weight=0.2,
        )


SETS: Final[dict[str, Callable[[Path], Iterator[Example]]]] = {
    "gold": gold,
    "ibm_care": ibm_care,
    "vader_gt": vader,
    "crisislex": crisislex,
    "davidson": davidson,
    "sms_spam": sms,
    "banking77": banking77,
    "clinc150": clinc150,
    "bitext": bitext,
    "hint3": hint3,
    "multidogo": multidogo,
}
_AT_MOST: Final = {
    "crisislex": 2500, "davidson": 1500, "banking77": 1500, "bitext": 1200, "multidogo": 2000, "sms_spam": 2000,
    "clinc150": 1500,
}  # fmt: skip


def shared(folder: Path, seed: int) -> Iterator[Example]:
    """Yield the shared sets, the large ones thinned so that none drowns the posts to brands."""
    for name, read in SETS.items():
        yield from thinned(list(read(folder)), _AT_MOST.get(name), seed)


def thinned(examples: list[Example], at_most: int | None, seed: int) -> list[Example]:
    """Return a repeatable sample in its original order."""
    if at_most is None or len(examples) <= at_most:
        return examples
    chosen = sorted(random.Random(seed).sample(range(len(examples)), at_most))  # noqa: S311  repeatable, not secret
    return [examples[i] for i in chosen]
