"""Adapters that reach people: one folder per channel, each behind a port of ``services.ports``."""
