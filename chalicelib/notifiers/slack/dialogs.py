"""Shows dialogs as Slack modals: the port ``Dialogs``. A press opens one within its three seconds, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.notifiers.slack.api import SlackApi
from chalicelib.notifiers.slack.modals import listed, modal
from chalicelib.services.dialog_port import Dialog, Listing

TIMEOUT_SECONDS = 2
"""Shorter than a trigger's life and than Slack's patience with us, which began at the press."""
FORM = "a form"


class SlackDialogs:
    """Modals of the app's bot user."""

    def __init__(
        self, *, token: Callable[[], str], api_url: str, timeout_seconds: int = TIMEOUT_SECONDS
    ) -> None:
        self._api = SlackApi(token=token, api_url=api_url, timeout_seconds=timeout_seconds)

    def open(self, dialog: Dialog, *, trigger: str) -> None:
        self._api.call("views.open", FORM, json={"trigger_id": trigger, "view": modal(dialog)})

    def renew(self, dialog: Dialog, *, view_id: str) -> None:
        self._api.call("views.update", FORM, json={"view_id": view_id, "view": modal(dialog)})

    def shown(self, dialog: Dialog) -> Mapping[str, Any]:
        return modal(dialog)

    def listed(self, listing: Listing) -> Mapping[str, Any]:
        return listed(listing)
