"""How WhatsApp proves a delivery: Meta's scheme, under the app secret shared with Page and Instagram."""

from chalicelib.platforms.meta.signature import handshake, verify

__all__ = ["handshake", "verify"]
