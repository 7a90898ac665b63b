"""What carriers want to import: profiles that are data (LOG-01)."""
