"""Found a production base: its first organisation and the administrator who invites everybody else."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Any

import click

from passerelles.cli import french, site
from passerelles.core.errors import Impossible, Refused

if TYPE_CHECKING:
    from passerelles.network.models import Agent, Organisation

KINDS = {
    "administration-centrale": "ministry",
    "direction-territoriale": "ofii_dt",
    "dreets": "dreets",
    "ddets": "ddets",
    "prefecture": "prefecture",
    "operateur": "operator",
    "france-travail": "france_travail",
    "mission-locale": "mission_locale",
    "cap-emploi": "cap_emploi",
    "apec": "apec",
    "departement": "department_council",
    "positionnement": "test_provider",
    "organisme-de-formation": "training_body",
    "siae": "siae",
    "employeur": "employer",
}
PLACE_NEEDED = {
    "direction-territoriale": "direction",
    "dreets": "region",
    "ddets": "department",
    "prefecture": "department",
}
NATIONAL = {"administration-centrale"}
GENERATED_BYTES = 18


@click.command()
@click.option(
    "--kind",
    type=click.Choice(list(KINDS)),
    default="administration-centrale",
    metavar="NATURE",
    help=f"Nature de l’organisme : {', '.join(KINDS)} ; la première par défaut.",
)
@click.option("--organisation", "name", metavar="NOM", help="Nom ; pour une DT, le sien par défaut.")
@click.option("--direction", metavar="DT", default="", help="Direction territoriale de l’OFII, par exemple metz.")
@click.option("--department", metavar="CODE", default="", help="Département, par exemple 57.")
@click.option("--region", metavar="CODE", default="", help="Région (code INSEE), par exemple 44.")
@click.option("--legal-basis", metavar="TEXTE", help="Opérateur : convention par laquelle la DT le délègue.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="AAAA-MM-JJ", help="Début (aujourd’hui par défaut)."
)
@click.option("--agent", "agent_name", metavar="NOM", required=True, help="Nom et prénom de l’administrateur.")
@click.option("--email", metavar="ADRESSE", required=True, help="Son adresse de messagerie.")
@click.option("--generate", is_flag=True, help="Tirer le mot de passe au sort et l’afficher une seule fois.")
@click.option("--force", is_flag=True, help="Ajouter un organisme à une base qui a déjà des comptes.")
def found(
    kind: str,
    name: str | None,
    direction: str,
    department: str,
    region: str,
    legal_basis: str | None,
    since: dt.datetime | None,
    agent_name: str,
    email: str,
    generate: bool,
    force: bool,
) -> None:
    """Crée le premier organisme de la base et le compte de son administrateur, qui invitera les autres agents.

    Le mot de passe est demandé deux fois. Relancée, la commande ne change rien. Le second facteur s’enregistre à la
    première connexion.
    """
    place = PLACE_NEEDED.get(kind)
    if place and not {"direction": direction, "department": department, "region": region}[place]:
        raise click.UsageError(f"Pour cette nature d’organisme, donnez --{place}.")
    if name is None and kind != "direction-territoriale":
        raise click.UsageError("Donnez le nom de l’organisme par --organisation.")
    delegated = kind == "operateur" and bool(direction)
    if delegated != bool(legal_basis):
        raise click.UsageError("Un opérateur se délègue par --direction et --legal-basis ensemble, et lui seul.")
    with site.running():
        from django.db import transaction

        _refuse_without_tables()
        columns = _columns(kind, name, direction, department, region)
        address = _checked_address(email)
        if _already(columns, address):
            click.echo(f"Rien à faire : {columns['name']} et le compte {address} existent déjà.")
            return
        _refuse_inhabited(address, force=force)
        password = secrets.token_urlsafe(GENERATED_BYTES) if generate else _ask_password(agent_name, address)
        from passerelles.core import clock

        begin = since.date() if since else clock.today()
        with transaction.atomic():
            organisation = _organisation(columns)
            _open(organisation, agent_name, address, password, begin)
            if delegated:
                _delegate(organisation, direction, legal_basis or "", begin)
    click.echo(f"Créé : {columns['name']}, administré par {agent_name} ({address}).")
    if generate:
        click.echo(f"Mot de passe, affiché cette seule fois : {password}")
    click.echo("Connectez-vous : le second facteur s’enregistre à la première connexion.")


def _refuse_without_tables() -> None:
    from django.db import connection

    if "network_agent" not in connection.introspection.table_names():
        raise Impossible("La base n’a pas encore ses tables.", remedy="Lancez d’abord « passerelles migrate ».")


def _columns(kind: str, name: str | None, direction: str, department: str, region: str) -> dict[str, Any]:
    """The columns of the organisation; the wider places are deduced from the narrow one. Raises UnknownCode."""
    from passerelles.reference import territories
    from passerelles.reference.tables import UnknownCode

    label = name or ""
    if direction:
        place = territories.direction(direction)
        label = label or place.label_fr
        department = department or place.seat_department
    if department:
        region = region or territories.department(department).region_code
        if not direction:
            try:
                direction = territories.direction_of_department(department).code
            except UnknownCode:
                direction = ""
    if region:
        territories.region(region)
    if kind in NATIONAL and region:
        raise click.UsageError("L’administration centrale n’a ni direction, ni département, ni région.")
    return {
        "name": label,
        "kind": KINDS[kind],
        "direction": "" if kind in {"operateur", "dreets"} else direction,
        "department_code": department,
        "region_code": region,
    }


def _checked_address(email: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Impossible(f"« {email} » n’est pas une adresse de messagerie.", remedy="Corrigez --email.") from error
    return address


def _known(columns: dict[str, Any]) -> Organisation | None:
    from passerelles.network.models import Organisation

    return Organisation.objects.filter(name__iexact=columns["name"], kind=columns["kind"]).first()


def _already(columns: dict[str, Any], address: str) -> bool:
    """Did a former run do all this?"""
    from passerelles.network.enums import Role
    from passerelles.network.models import Membership

    organisation = _known(columns)
    administrators = Membership.objects.filter(role=Role.ORGANISATION_ADMIN, agent__email__iexact=address)
    return organisation is not None and administrators.filter(organisation=organisation).exists()


def _refuse_inhabited(address: str, *, force: bool) -> None:
    from passerelles.network.models import Agent

    count = Agent.objects.count()
    if count and not force:
        raise Refused(
            f"Cette base a déjà {count} compte(s) : elle est déjà fondée.",
            remedy="Les administrateurs invitent leurs agents depuis la page « Organisme ». Pour ajouter un organisme, "
            "relancez avec --force.",
        )
    if Agent.objects.filter(email__iexact=address).exists():
        raise Impossible(f"Le compte {address} existe déjà.", remedy="Donnez l’adresse d’une autre personne.")


def _ask_password(agent_name: str, address: str) -> str:
    """Typed twice, hidden; asked again as long as it is too weak or mistyped."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from passerelles.network.models import Agent

    holder = Agent(email=address, name=agent_name)

    def strong(typed: str) -> str:
        try:
            validate_password(typed, holder)
        except ValidationError as error:
            raise click.UsageError(" ".join(error.messages)) from error
        return typed

    question = f"Mot de passe de {agent_name} (12 caractères au moins)"
    return click.prompt(
        question,
        hide_input=True,
        confirmation_prompt=True,
        value_proc=strong,
        prompt_suffix=french.PROMPT_SUFFIX,
        err=True,
    )


def _organisation(columns: dict[str, Any]) -> Organisation:
    from passerelles.network.policy import SYSTEM
    from passerelles.network.services import found_organisation

    return _known(columns) or found_organisation(SYSTEM, **columns)


def _open(organisation: Organisation, name: str, address: str, password: str, starts_on: dt.date) -> Agent:
    from passerelles.network.enums import Role
    from passerelles.network.policy import SYSTEM
    from passerelles.network.services import open_account

    return open_account(
        SYSTEM,
        organisation=organisation,
        name=name,
        email=address,
        password=password,
        roles=[Role.ORGANISATION_ADMIN],
        starts_on=starts_on,
    )


def _delegate(operator: Organisation, direction: str, legal_basis: str, starts_on: dt.date) -> None:
    from passerelles.network.policy import SYSTEM
    from passerelles.network.services import delegate

    delegate(SYSTEM, operator=operator, direction=direction, starts_on=starts_on, legal_basis=legal_basis)
