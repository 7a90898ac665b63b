"""Editions: the dates and windows of each Week."""
