"""Hanging sign-in on the site: what templates may ask, and the counts of tries."""

from flask import Flask

from weekapp.accounts import lockout
from weekapp.accounts.permissions import current_user, may, staff_nav


def set_up_accounts(app: Flask) -> None:
    """Make `may()`, `current_user()` and `staff_nav()` known to templates, and start counting tries.

    Nothing here runs on every request: public pages neither read nor set a cookie (docs/decisions/0007).
    """
    app.extensions[lockout.NAME] = lockout.Lockout(app.config["SETTINGS"])
    app.jinja_env.globals.update(may=may, current_user=current_user, staff_nav=staff_nav)
