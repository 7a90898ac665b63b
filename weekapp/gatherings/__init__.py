"""Gatherings of the programme itself: the national opening, regional meetings and masterclasses, with their sessions."""
