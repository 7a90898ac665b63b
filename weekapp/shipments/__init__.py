"""Parcels on their way and back, and what carriers tell about them."""
