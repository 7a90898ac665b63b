"""Signing up for a moment, and the waiting list when it is full."""
