"""Nothing is public before somebody approved it."""
