"""How Instagram proves a delivery: Meta's scheme, whichever of the two logins the app uses."""

from chalicelib.platforms.meta.signature import handshake, verify

__all__ = ["handshake", "verify"]
