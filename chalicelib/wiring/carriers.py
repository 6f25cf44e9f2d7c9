"""Which carrier's sender a stage has, and what each is made of. The only place that names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.errors import Misconfigured
from chalicelib.settings import Settings, SmsProvider

if TYPE_CHECKING:
    from chalicelib.services.ports import Secrets, SmsSender


def carrier(stage: Settings, secrets: Secrets) -> SmsSender:
    """Return the sender that ``SMS_PROVIDER`` names."""
    match stage.sms_provider:
        case SmsProvider.TWILIO:
            return _twilio(stage, secrets)
        case SmsProvider.END_USER_MESSAGING:
            return _end_user_messaging(stage)
        case SmsProvider.SNS:
            from chalicelib.notifiers.sms.sns import SnsSmsSender

            return SnsSmsSender()


def twilio_address(stage: Settings) -> str:
    """Return where Twilio calls us: what its signatures cover, byte for byte. Raises: Misconfigured."""
    if stage.public_base_url is None:
        raise Misconfigured("PUBLIC_BASE_URL is not set: deploying with `make deploy` sets it")
    return f"{stage.public_base_url}/sms/twilio"


def _twilio(stage: Settings, secrets: Secrets) -> SmsSender:
    from chalicelib.notifiers.sms.twilio import TwilioSmsSender
    from chalicelib.notifiers.sms.twilio_events import TOKEN
    from chalicelib.services.rotation import current, renewed

    return TwilioSmsSender(
        account=stage.twilio_account_sid,
        token=lambda: current(secrets, TOKEN),
        renewed=lambda: renewed(secrets, TOKEN),
        sender=stage.sms_sender,
        callback=twilio_address(stage),
        api_url=stage.twilio_api_url,
    )


def _end_user_messaging(stage: Settings) -> SmsSender:
    from chalicelib.notifiers.sms.end_user_messaging import EndUserMessagingSender

    return EndUserMessagingSender(
        sender=stage.sms_sender,
        configuration_set=stage.sms_configuration_set,
        endpoint_url=stage.sms_voice_api_url,
    )
