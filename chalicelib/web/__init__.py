"""The edge that speaks HTTP: routes of five lines, which hand everything to services."""
