"""What Meta's platforms share: the handshake, the signature, the envelope, direct messages and error codes.

Not a platform itself; Facebook, Instagram, Threads and WhatsApp are built from it.
"""
