"""The shapes personal data has in what people type; ``finding`` puts them in order, a module a kind holds them."""
