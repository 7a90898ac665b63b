"""Activities and their moments: what residents find."""
