"""The read API /api/v1, its OpenAPI description made from the code, and the page that explains all open data."""
