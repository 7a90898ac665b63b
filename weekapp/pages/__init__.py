"""Home, privacy, accessibility and the addresses that operators watch."""
