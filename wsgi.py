"""Entry for web servers and for `flask --app wsgi`."""

from fulfilment import commands
from weekapp.app import create_app
from weekapp.config import Settings

app = create_app(Settings.from_environment())
commands.register(app)
