"""The judge: what a post needs, decided locally from its text; standard library only, no network."""
