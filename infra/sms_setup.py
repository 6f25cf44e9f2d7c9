"""What a deployment says about text messages: which parameters it keeps, what is missing, what a person does next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.settings import Settings, SmsProvider, sms_faults
from infra.failures import CommandError

NAMES = {
    "SMS_PROVIDER": "SmsProvider",
    "SMS_SENDER": "SmsSender",
    "TWILIO_ACCOUNT_SID": "TwilioAccountSid",
}
"""The template's parameter for each variable of a function."""

KEPT = ("PublicBaseUrl", "SmsConfigurationSet", "SmsProvider", "SmsSender", "TwilioAccountSid")
"""What an installation chose once and a later deployment does not ask again; no other value outlives its default."""


def kept(stack: Mapping[str, Any] | None) -> dict[str, str]:
    """Return what an earlier deployment chose, so that the next need not say it again."""
    parameters = (stack or {}).get("Parameters", ())
    given = {one["ParameterKey"]: one["ParameterValue"] for one in parameters}
    return {name: value for name in KEPT if (value := given.get(name))}


def require_sms(parameters: Mapping[str, str]) -> None:
    """Refuse a carrier that could not carry a text. Raises: CommandError naming each parameter and what to write."""
    provider = parameters.get("SmsProvider", SmsProvider.SNS)
    if provider not in set(SmsProvider):
        raise CommandError(f"--set SmsProvider={provider}: write one of {', '.join(SmsProvider)}.")
    faults = sms_faults({name: parameters.get(ours, "") for name, ours in NAMES.items()})
    if faults:
        raise CommandError("\n".join(_in_our_words(fault) for fault in faults) + "\ndocs/sms.md says how.")


def steps(parameters: Mapping[str, str], stage: str) -> list[str]:
    """Return what a person does next so that phones are reached, and heard."""
    match parameters.get("SmsProvider"):
        case SmsProvider.TWILIO | SmsProvider.END_USER_MESSAGING as carrier:
            return [
                f"     For texts, so that {carrier.replace('_', ' ')} brings replies and receipts here:",
                f"       python -m infra texts --stage {stage}",
            ]
    return [
        "     Texts go out by Amazon SNS, for a first try: nobody can text back. docs/sms.md says what is better."
    ]


def carried(stage: Settings) -> str:
    """Return who carries a stage's texts, and whether anybody can answer them."""
    match stage.sms_provider:
        case SmsProvider.TWILIO:
            return f"by Twilio as {stage.sms_sender}; replies come to {stage.public_base_url}/sms/twilio"
        case SmsProvider.END_USER_MESSAGING:
            events = stage.sms_configuration_set or "none, so no receipts"
            return f"by End User Messaging as {stage.sms_sender}; configuration set: {events}"
        case SmsProvider.SNS:
            return "by Amazon SNS, out only: nobody can text back (docs/sms.md)"


def _in_our_words(fault: str) -> str:
    variable, rest = fault.split(" ", 1)
    return f"--set {NAMES[variable]}=...: it {rest}"
