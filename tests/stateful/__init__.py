"""Rule machines: anything may happen in any order, and the rules still hold."""
