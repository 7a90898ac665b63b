"""A believable edition to try everything with."""
