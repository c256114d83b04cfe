"""WSGI entry point: `gunicorn -c python:passerelles.config.gunicorn`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelles.config.settings")
application = get_wsgi_application()
# Read now, before the processes divide: a broken page stops the server instead of its first visitor.
get_resolver().url_patterns  # noqa: B018
