"""How Slack is answered when a form is sent: point at a field, show another form, or close it.

Source: https://docs.slack.dev/surfaces/modals, "Handling and responding to view_submission". Nothing is decided here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.services.dialog_port import Dialog, Dialogs
    from chalicelib.web.payloads import View

CLOSE = ""
"""The answer that closes the form."""


def pointed_out(view: View, field: str, words: str) -> str:
    """Return the answer that leaves the form open, with words under one of its fields."""
    block = view.blocks.get(field) or next(iter(view.blocks.values()), field)
    return json.dumps({"response_action": "errors", "errors": {block: words}})


def shown(dialogs: Dialogs, dialog: Dialog) -> str:
    """Return the answer that shows another form in its place."""
    return json.dumps({"response_action": "update", "view": dialogs.shown(dialog)})
