"""How Threads proves a delivery: Meta's scheme, under the Threads app secret, which is not the Meta app secret."""

from chalicelib.platforms.meta.signature import handshake, verify

__all__ = ["handshake", "verify"]
