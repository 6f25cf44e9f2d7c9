"""Text messages: one module per provider, all behind ``services.ports.SmsSender``."""
