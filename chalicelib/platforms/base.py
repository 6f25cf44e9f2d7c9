"""The platform seam under the name its implementers use; its words live with the services that call it."""

from chalicelib.services.platform_port import (
    MAX_CHUNK_BYTES,
    MAX_UPDATES,
    Answer,
    AppSecrets,
    Delivery,
    NotJson,
    Own,
    Platform,
    UnreadableBody,
    Update,
)

__all__ = [
    "MAX_CHUNK_BYTES",
    "MAX_UPDATES",
    "Answer",
    "AppSecrets",
    "Delivery",
    "NotJson",
    "Own",
    "Platform",
    "UnreadableBody",
    "Update",
]
