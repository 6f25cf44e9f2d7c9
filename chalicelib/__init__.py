"""Nightdesk: who is about to be ignored, and who is going to stop that."""
