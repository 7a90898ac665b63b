"""What happens to public answers: an activity goes, and the database."""

from tests.builders import make_user
from tests.databases import SqliteDatabases, dropped
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.db import db, transaction


def withdraw(activity_id):
    with transaction():
        activities.withdraw(db.session.get(Activity, activity_id), by=make_user("moderator"))


def take_away(databases):
    """No process reaches the database any more."""
    db.session.remove()
    db.engine.dispose()
    if isinstance(databases, SqliteDatabases):
        for file in databases.live.parent.glob(f"{databases.live.name}*"):
            file.unlink()
        databases.live.mkdir()
    else:
        databases.run(dropped(databases.live))


def bring_back(databases):
    if isinstance(databases, SqliteDatabases):
        databases.live.rmdir()
    databases.reset()
