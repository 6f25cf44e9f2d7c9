"""What webhooks withhold and platforms tell when asked."""
