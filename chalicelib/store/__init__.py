"""The one table: its keys, its items, and the adapters that read and write them. Nothing here decides."""
