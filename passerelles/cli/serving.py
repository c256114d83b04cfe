"""Serve the pages with gunicorn."""

from __future__ import annotations

import os

import click

from passerelles.cli import site
from passerelles.cli.processes import Family, module_command

GUNICORN = module_command("gunicorn", "-c", "python:passerelles.config.gunicorn")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port d’écoute.")
@click.option("--bind", metavar="ADRESSE", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
def serve(port: int, bind: str) -> None:
    """Sert les pages, au premier plan. Le chiffrement (HTTPS) est l’affaire du serveur frontal."""
    os.environ["PASSERELLES_BIND"] = address(bind, port)
    here = site.database()
    if here.server is None:
        os.execv(GUNICORN[0], GUNICORN)  # noqa: S606
    try:
        raise SystemExit(Family({"pages": GUNICORN}).run())
    finally:
        here.leave()


def address(host: str, port: int) -> str:
    """As gunicorn reads it: `127.0.0.1:8000`, `[::1]:8000`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
