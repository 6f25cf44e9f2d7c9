"""How Facebook proves a delivery: Meta's scheme, under the app secret shared by Page, Instagram and WhatsApp."""

from chalicelib.platforms.meta.signature import handshake, verify

__all__ = ["handshake", "verify"]
