"""The use cases: load, decide by the domain, save, publish. They know ports, never adapters."""
