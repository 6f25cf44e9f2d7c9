"""How the judge is taught, offline: development only, never packaged and never imported by the product."""
