"""What the web and the worker have in common: database, queue, languages, logs and templates, without any page."""

from pathlib import Path

from flask import Flask, current_app
from flask_migrate import Migrate

from weekapp import clock
from weekapp.config import Settings
from weekapp.db import PATIENCE, db
from weekapp.languages import set_up_languages
from weekapp.logs import set_up_logs
from weekapp.queue import set_up_queue

ROOT = Path(__file__).resolve().parent.parent


def create_core(settings: Settings) -> Flask:
    """A Flask application that can read and write, and has no routes."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    set_up_logs(as_json=settings.log_json)
    app = Flask("weekapp", root_path=str(ROOT / "weekapp"), template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings),
        BABEL_DEFAULT_TIMEZONE=clock.AMSTERDAM.key,
        SETTINGS=settings,
    )
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals["settings"] = settings
    db.init_app(app)
    Migrate().init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    set_up_languages(app)
    set_up_queue(settings)
    return app


def engine_options(settings: Settings) -> dict[str, object]:
    """Connections are tried before use, so that a restart of PostgreSQL costs one retry and not an error page.

    Nobody waits longer for a lock than on SQLite: then a page says that it is busy, and a task is tried again.
    """
    if settings.database_url.startswith("sqlite"):
        return {}
    patience = {"options": f"-c lock_timeout={PATIENCE * 1000:.0f}"}  # milliseconds
    return {"pool_size": 5, "max_overflow": 10, "pool_pre_ping": True, "pool_recycle": 1800, "connect_args": patience}


def settings() -> Settings:
    """The settings of the running application, in web, worker and command alike; for services, which do not know Flask."""
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen
