"""Where secrets come from. Nothing here logs one, and nothing outlives its cache."""
