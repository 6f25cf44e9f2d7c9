"""What comes back from phones: texts and receipts, by Twilio's webhook or from AWS's topic."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.errors import NotFound
from chalicelib.settings import SmsProvider
from chalicelib.wiring.use_cases import UseCases

if TYPE_CHECKING:
    from chalicelib.notifiers.sms.twilio_events import TwilioDoor
    from chalicelib.services.ports import Message, Receipt
    from chalicelib.services.receipts import Receipts
    from chalicelib.services.texts import Texts


class Texting(UseCases):
    """Hearing what phones say."""

    @cached_property
    def twilio_door(self) -> TwilioDoor:
        """Who lets Twilio in. Raises: NotFound where another carries our texts."""
        from chalicelib.notifiers.sms.twilio_events import TwilioDoor
        from chalicelib.wiring.carriers import twilio_address

        if self.settings.sms_provider is not SmsProvider.TWILIO:
            raise NotFound("this stage's texts are not carried by Twilio")
        return TwilioDoor(address=twilio_address(self.settings), secrets=self.secrets)

    @cached_property
    def texts(self) -> Texts:
        from chalicelib.services.pager import texts_of

        return texts_of(self.means)

    @cached_property
    def receipts(self) -> Receipts:
        from chalicelib.services.pager import receipts_of

        return receipts_of(self.means)

    def noted(self, receipt: Receipt) -> None:
        """Act on what a carrier says later about a text."""
        self.receipts.take(receipt, self.clock.now())

    def told(self, body: str) -> Message:
        """Read the outbound queue: our own messages, and what AWS's topic puts beside them. Raises: UnknownMessage."""
        from chalicelib.notifiers.sms.end_user_messaging_events import read
        from chalicelib.queues.messages import loads

        ours = self.settings.sms_provider is SmsProvider.END_USER_MESSAGING
        return (read(body) if ours else None) or loads(body)
