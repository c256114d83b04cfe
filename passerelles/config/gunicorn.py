"""How the web processes run: `gunicorn -c python:passerelles.config.gunicorn passerelles.config.wsgi`.

Threads, because pages wait for the database; two workers per machine core are enough. Behind a proxy that holds the
certificate, PASSERELLES_BEHIND_PROXY makes its X-Forwarded headers count (settings).
"""

import os
from pathlib import Path

wsgi_app = "passerelles.config.wsgi:application"
bind = os.environ.get("PASSERELLES_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("PASSERELLES_WEB_WORKERS", "2"))
threads = int(os.environ.get("PASSERELLES_WEB_THREADS", "4"))
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 4094
accesslog = os.environ.get("PASSERELLES_ACCESS_LOG") or None
# Without the query string: a search may hold a name.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(D)sµs"
errorlog = "-"
loglevel = os.environ.get("PASSERELLES_LOG_LEVEL", "warning")
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
