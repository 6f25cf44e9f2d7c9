"""The rules, pure: standard library only, no clock, randomness, environment or I/O."""
