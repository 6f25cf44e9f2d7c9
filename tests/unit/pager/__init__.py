"""The pager on fakes: the ladder, claims, hand-overs, flood control, what people text back."""
