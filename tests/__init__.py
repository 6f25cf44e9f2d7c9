"""Nightdesk's tests, in rungs by what they may touch."""
