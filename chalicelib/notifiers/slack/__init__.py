"""Slack: the client behind ``services.ports.ChatSender``, what a message looks like, and proof of origin."""
