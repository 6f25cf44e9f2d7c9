"""The queues: versioned message bodies and the adapter that sends them. Nothing here decides."""
