"""Posters that people print themselves: one for each activity, and an empty one for when the packages are gone."""
