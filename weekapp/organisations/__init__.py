"""Organisations and who acts for them."""
