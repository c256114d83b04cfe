"""Look after what France Travail is told of appointments: list what was given up, try again."""

from __future__ import annotations

import json as json_text
from uuid import UUID

import click

from passerelles.cli import site


@click.group("france-travail")
def france_travail() -> None:
    """Les rendez-vous dits à France Travail (« rendez-vous partenaire »)."""


@france_travail.command()
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="Nombre d’envois au plus.")
def send(limit: int) -> None:
    """Envoie tout de suite ce qui est à dire. Ne fait rien tant que le connecteur n’est pas configuré."""
    with site.running():
        from passerelles.exchange.france_travail.client import missing
        from passerelles.exchange.services.partner_appointments import send_due

        if absent := missing():
            click.echo(f"Non configuré : rien n’est envoyé (il manque {', '.join(absent)}).")
            return
        told = send_due(limit=limit)
    click.echo(f"{told} rendez-vous reçu(s) par France Travail.")


@france_travail.command()
@click.option("--json", "as_json", is_flag=True, help="Écrire en JSON.")
def dead(as_json: bool) -> None:
    """Liste ce qui est abandonné, ou peut-être créé deux fois si l’on recommençait. Code 1 s’il y en a."""
    with site.running():
        from passerelles.exchange.models import CallState, PartnerAppointment

        rows = [
            {
                "id": str(each.pk),
                "state": each.get_state_display(),
                "status": each.status,
                "date": each.wanted.get("date", ""),
                "organisation": each.organisation.name,
                "attempts": each.attempts,
                "error": each.last_error,
            }
            for each in PartnerAppointment.objects.filter(state__in=[CallState.DEAD, CallState.DOUBTFUL])
            .select_related("organisation")
            .order_by("created_at", "id")
        ]
    if as_json:
        click.echo(json_text.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        click.echo("Rien d’abandonné.")
    for row in rows if not as_json else ():
        where = f"{row['status']} {row['date']} {row['organisation']}"
        click.echo(f"{row['state']}  {where}  {row['attempts']} essais  {row['error']}  ({row['id']})")
    if rows:
        raise SystemExit(1)


@france_travail.command()
@click.argument("identifier", type=click.UUID)
@click.option("--found", metavar="ID", default="", help="Identifiant sous lequel France Travail a déjà ce rendez-vous.")
def revive(identifier: UUID, found: str) -> None:
    """Remet en attente un rendez-vous abandonné ou douteux. Vérifiez d’abord qu’il n’existe pas, ou donnez --found."""
    with site.running():
        from passerelles.exchange.services.partner_appointments import revive as again

        again(identifier, remote_id=found)
    click.echo("Remis en attente.")
