"""WSGI entry point: `gunicorn passerelles.config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelles.config.settings")
application = get_wsgi_application()
