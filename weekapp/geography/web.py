"""The geocoder of the running application, for views and forms."""

from flask import current_app

from weekapp.geography.geocoder import Geocoder


def geocoder() -> Geocoder:
    """Made once per process in `weekapp.app`; it asks other hosts: use it before a transaction begins."""
    chosen: Geocoder = current_app.extensions["geocoder"]
    return chosen
