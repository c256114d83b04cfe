"""Look after the outbox: send now, list what was given up."""

from __future__ import annotations

import json as json_text
from uuid import UUID

import click

from passerelles.cli import site


@click.group()
def messages() -> None:
    """Les messages que la plateforme envoie."""


@messages.command()
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="Nombre de messages au plus.")
def send(limit: int) -> None:
    """Envoie tout de suite les messages dont l’heure est venue."""
    with site.running():
        from passerelles.messages.services import send_due

        sent = send_due(limit=limit)
    click.echo(f"{sent} message(s) envoyé(s).")


@messages.command()
@click.option("--json", "as_json", is_flag=True, help="Écrire en JSON.")
def dead(as_json: bool) -> None:
    """Liste les messages abandonnés après plusieurs essais. Code 1 s’il y en a."""
    with site.running():
        from passerelles.messages.models import Message, MessageState

        rows = [
            {
                "id": str(message.pk),
                "kind": message.kind,
                "attempts": message.attempts,
                "created_at": message.created_at.isoformat(timespec="seconds"),
                "error": message.last_error,
            }
            for message in Message.objects.filter(state=MessageState.DEAD).order_by("created_at", "id")
        ]
    if as_json:
        click.echo(json_text.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        click.echo("Aucun message abandonné.")
    for row in rows if not as_json else ():
        click.echo(f"{row['created_at']}  {row['kind']}  {row['attempts']} essais  {row['error']}  ({row['id']})")
    if rows:
        raise SystemExit(1)


@messages.command()
@click.argument("identifiers", nargs=-1, type=click.UUID)
@click.option("--all", "every", is_flag=True, help="Tous les messages abandonnés.")
def revive(identifiers: tuple[UUID, ...], every: bool) -> None:
    """Remet en attente des messages abandonnés, par leur identifiant (voir « messages dead ») ou tous."""
    if every == bool(identifiers):
        raise click.UsageError("Donnez des identifiants, ou --all.")
    with site.running():
        from passerelles.messages.models import Message, MessageState
        from passerelles.messages.services import revive as revive_message

        chosen = list(identifiers) or list(
            Message.objects.filter(state=MessageState.DEAD).order_by("created_at", "id").values_list("pk", flat=True)
        )
        for identifier in chosen:
            revive_message(identifier)
    click.echo(f"{len(chosen)} message(s) remis en attente.")
