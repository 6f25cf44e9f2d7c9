"""The functions that AWS invokes, put together from the use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.wiring.looking import Looking
from chalicelib.wiring.texting import Texting

if TYPE_CHECKING:
    from chalicelib.entry import Batch, Entry, Returns


class Container(Texting, Looking):
    """Services by name, each built once."""

    @cached_property
    def entry(self) -> Entry:
        from chalicelib.entry import Entry
        from chalicelib.queues.returns import SqsReturns
        from chalicelib.services.ports import Fetch, Inbound, Sweep, Wake

        stage = self.settings
        return Entry(
            intake=self._batch(
                {Inbound: lambda m: self.intake.take_in(m)},  # noqa: PLW0108 - built only where it runs
                SqsReturns(stage.inbound_queue_url, stage.inbound_dead_letters_url),
            ),
            watch=self._batch(
                {Wake: lambda m: self.watch.wake(m.ref, m.due_at)},
                SqsReturns(stage.wake_queue_url, stage.wake_dead_letters_url),
            ),
            send=self._sending(SqsReturns(stage.outbound_queue_url, stage.outbound_dead_letters_url)),
            sweep=self._batch(
                {Sweep: self.look, Fetch: lambda m: self.enrichment.fetch(m)},  # noqa: PLW0108 - built only where it runs
                SqsReturns(stage.sweep_queue_url, stage.sweep_dead_letters_url),
            ),
            tick=lambda: self.tick.run(),  # noqa: PLW0108 - built only where it runs
            auditor=self.audit,
            poll=self.poll,
        )

    def _sending(self, returns: Returns) -> Batch:
        """Return what works the outbound queue: what leaves for people, and what their phones say back."""
        from chalicelib.entry import Batch
        from chalicelib.services.ports import Hand, Receipt, Text, Whisper

        work: dict[type, Callable[[Any], None]] = {
            Hand: lambda m: self.send.deliver(m.ref),
            Whisper: lambda m: self.chat.whisper(response_url=m.response_url, text=m.text),
            Text: lambda m: self.texts.hear(m),  # noqa: PLW0108 - built only where it runs
            Receipt: self.noted,
        }
        return Batch(self.told, work, returns, self.log)

    def _batch(self, work: Mapping[type, Callable[[Any], None]], returns: Returns) -> Batch:
        from chalicelib.entry import Batch
        from chalicelib.queues.messages import loads

        return Batch(loads, work, returns, self.log)
