"""The questions `doctor` asks, one function each: what is found, and how to mend it. Nothing is changed."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from passerelles.core.postgres import DatabaseUrls


class State(StrEnum):
    OK = "ok"
    ATTENTION = "attention"
    PROBLEM = "problème"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    subject: str
    state: State
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Where the questions are asked. `trial`: the embedded base, where what production demands is only advice."""

    urls: DatabaseUrls
    today: dt.date
    now: dt.datetime

    @property
    def trial(self) -> bool:
        return self.urls.embedded

    @property
    def demanded(self) -> State:
        """How bad it is to lack what only production demands."""
        return State.ATTENTION if self.trial else State.PROBLEM


Question = Callable[[Context], Iterator[Finding]]

EXTENSIONS = ("btree_gist", "fuzzystrmatch", "pg_trgm")
OLDEST_SERVER = 15
ENOUGH_DISK = 2_000_000_000
LITTLE_DISK = 500_000_000
MANY_PROFILES = 1_000
LATE_MESSAGE = dt.timedelta(minutes=15)
SILENT_WORKER = dt.timedelta(minutes=2)


def ask(questions: tuple[Question, ...], context: Context) -> list[Finding]:
    """Every answer; a question that breaks is itself a problem."""
    found: list[Finding] = []
    for question in questions:
        try:
            found += question(context)
        except Exception as error:
            subject = (question.__doc__ or question.__name__).splitlines()[0].rstrip(".")
            found.append(Finding(subject, State.PROBLEM, f"contrôle impossible : {type(error).__name__}: {error}"))
    return found


def database(context: Context) -> Iterator[Finding]:
    """Base de données."""
    version = _value("SHOW server_version")
    major = int(_value("SHOW server_version_num")) // 10_000
    if major < OLDEST_SERVER:
        yield Finding(
            "PostgreSQL", State.PROBLEM, f"version {version}", f"Il faut au moins la version {OLDEST_SERVER}."
        )
    else:
        yield Finding("PostgreSQL", State.OK, f"version {version}, jointe")
    present = set(_column("SELECT extname FROM pg_extension"))
    missing = [name for name in EXTENSIONS if name not in present]
    if missing:
        yield Finding(
            "Extensions", State.PROBLEM, f"absentes : {', '.join(missing)}", "Lancez « passerelles migrate »."
        )
    else:
        yield Finding("Extensions", State.OK, ", ".join(EXTENSIONS))


def migrations(context: Context) -> Iterator[Finding]:
    """Migrations."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield Finding("Migrations", State.PROBLEM, f"{len(plan)} à appliquer", "Lancez « passerelles migrate ».")
    else:
        yield Finding("Migrations", State.OK, "toutes appliquées")


def journal_is_safe(context: Context) -> Iterator[Finding]:
    """Journal protégé."""
    from passerelles.journal.models import APPEND_ONLY_TABLES

    writable = [
        table
        for table in APPEND_ONLY_TABLES
        for right in ("UPDATE", "DELETE", "TRUNCATE")
        if _value("SELECT has_table_privilege(current_user, %s, %s)", table, right)
    ]
    if not writable:
        yield Finding("Journal", State.OK, "le rôle de l’application ne peut ni le modifier ni l’effacer")
        return
    yield Finding(
        "Journal",
        State.PROBLEM,
        f"le rôle de l’application peut modifier ou effacer : {', '.join(dict.fromkeys(writable))}",
        "Donnez deux rôles (PASSERELLES_DATABASE_URL et PASSERELLES_OWNER_DATABASE_URL), puis « passerelles migrate ».",
    )


def secret_key(context: Context) -> Iterator[Finding]:
    """Clé secrète."""
    from django.conf import settings

    from passerelles.people.models import Identifier

    given = bool(os.environ.get("PASSERELLES_SECRET_KEY"))
    if not given:
        yield Finding(
            "Clé secrète",
            context.demanded,
            "créée sur cette machine, dans le dossier des données",
            "Donnez PASSERELLES_SECRET_KEY (32 caractères ou plus) et conservez-la à part des sauvegardes.",
        )
    elif len(settings.SECRET_KEY) < 32:
        yield Finding("Clé secrète", State.PROBLEM, "trop courte", "Donnez au moins 32 caractères tirés au hasard.")
    else:
        yield Finding("Clé secrète", State.OK, "donnée par l’environnement")
    sealed = Identifier.objects.order_by("created_at").first()
    if sealed is None:
        return
    try:
        sealed.value  # noqa: B018
    except Exception:
        yield Finding(
            "Identifiants des personnes",
            State.PROBLEM,
            "illisibles avec cette clé secrète",
            "Remettez la clé avec laquelle ils ont été enregistrés (PASSERELLES_SECRET_KEY).",
        )
    else:
        yield Finding("Identifiants des personnes", State.OK, "lisibles avec cette clé secrète")


def second_factor(context: Context) -> Iterator[Finding]:
    """Second facteur."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from passerelles.network.models import Agent, Membership

    active = Agent.objects.filter(is_active=True, memberships__in=Membership.objects.in_force(context.today)).distinct()
    without = active.exclude(pk__in=TOTPDevice.objects.filter(confirmed=True).values("user_id")).count()
    if not active.exists():
        yield Finding("Agents", State.ATTENTION, "aucun compte en service", "Créez un administrateur par organisme.")
    elif without:
        yield Finding(
            "Second facteur",
            State.ATTENTION,
            f"{without} compte(s) sans second facteur",
            "Il est demandé à la connexion.",
        )
    else:
        yield Finding("Second facteur", State.OK, "enregistré pour tous les comptes en service")


def https(context: Context) -> Iterator[Finding]:
    """HTTPS."""
    from django.conf import settings

    if settings.SECURE_COOKIES:
        yield Finding("HTTPS", State.OK, "exigé, cookies protégés")
    else:
        yield Finding("HTTPS", context.demanded, "non exigé", "Donnez PASSERELLES_HTTPS=1 derrière un serveur chiffré.")
    if settings.DEMO and not context.trial:
        yield Finding(
            "Démonstration", State.PROBLEM, "PASSERELLES_DEMO est donné en production", "Retirez-le de l’environnement."
        )
    local = {"localhost", "127.0.0.1", "[::1]", "testserver"}
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("Adresses servies", State.PROBLEM, "toutes (« * »)", "Nommez-les dans PASSERELLES_HOSTS.")
    elif set(settings.ALLOWED_HOSTS) <= local:
        yield Finding(
            "Adresses servies", context.demanded, "cette machine seulement", "Nommez le site dans PASSERELLES_HOSTS."
        )
    else:
        yield Finding("Adresses servies", State.OK, ", ".join(settings.ALLOWED_HOSTS))


def outgoing_mail(context: Context) -> Iterator[Finding]:
    """Envoi des messages."""
    from django.conf import settings

    if settings.MESSAGE_BACKEND != "smtp":
        yield Finding(
            "Envoi des messages",
            context.demanded,
            f"mode « {settings.MESSAGE_BACKEND} » : rien ne part",
            "Donnez PASSERELLES_MESSAGES=smtp et PASSERELLES_SMTP_HOST.",
        )
        return
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as server:
            server.noop()
    except OSError as error:
        yield Finding(
            "Envoi des messages", State.PROBLEM, f"{where} ne répond pas ({error})", "Vérifiez PASSERELLES_SMTP_HOST."
        )
    else:
        yield Finding("Envoi des messages", State.OK, f"{where} répond")


def outbox(context: Context) -> Iterator[Finding]:
    """Messages en attente."""
    from passerelles.messages.models import Message, MessageState

    dead = Message.objects.filter(state=MessageState.DEAD).count()
    if dead:
        yield Finding("Messages abandonnés", State.ATTENTION, f"{dead}", "Lisez-les : « passerelles messages dead ».")
    queued = Message.objects.filter(state=MessageState.QUEUED)
    due = queued.filter(next_attempt_at__lte=context.now).order_by("next_attempt_at").first()
    if due is not None and context.now - due.next_attempt_at > LATE_MESSAGE:
        minutes = (context.now - due.next_attempt_at) // dt.timedelta(minutes=1)
        yield Finding(
            "Messages en attente",
            State.PROBLEM,
            f"un message attend depuis {minutes} minutes",
            "Lancez « passerelles worker ».",
        )
    else:
        yield Finding("Messages en attente", State.OK, f"{queued.count()}, aucun en retard")


def france_travail(context: Context) -> Iterator[Finding]:
    """Rendez-vous partenaire."""
    from passerelles.exchange.france_travail import client
    from passerelles.exchange.models import CallState, PartnerAppointment

    missing, subject = client.missing(), "France Travail"
    if len(missing) == len(client.NEEDED):
        yield Finding(subject, State.OK, "non configuré : aucun rendez-vous n’est envoyé")
        return
    if missing:
        yield Finding(
            subject, State.PROBLEM, f"configuré en partie, il manque : {', '.join(missing)}", "Complétez-les."
        )
        return
    try:
        client.configured()
    except ValueError as error:
        yield Finding(subject, State.PROBLEM, str(error), "Corrigez l’adresse.")
        return
    stuck = PartnerAppointment.objects.filter(state__in=[CallState.DEAD, CallState.DOUBTFUL]).count()
    late = PartnerAppointment.objects.filter(
        state=CallState.QUEUED, next_attempt_at__lt=context.now - LATE_MESSAGE
    ).count()
    if stuck:
        remedy = "Voyez « passerelles france-travail dead »."
        yield Finding(subject, State.ATTENTION, f"{stuck} rendez-vous abandonné(s) ou à vérifier", remedy)
    elif late:
        yield Finding(
            subject, State.ATTENTION, f"{late} rendez-vous en retard", "Vérifiez que le worker est en marche."
        )
    else:
        yield Finding(subject, State.OK, "configuré, rien en retard")


def worker(context: Context) -> Iterator[Finding]:
    """Tâches de fond."""
    alive = _value("SELECT max(last_heartbeat) FROM procrastinate_workers")
    failed = _value("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    if alive is None or context.now - alive > SILENT_WORKER:
        since = f"silencieux depuis le {alive:%d/%m/%Y %H:%M}" if alive else "jamais lancé ou arrêté"
        yield Finding("Tâches de fond", context.demanded, since, "Lancez « passerelles worker » et surveillez-le.")
    else:
        yield Finding("Tâches de fond", State.OK, "en service")
    if failed:
        yield Finding("Tâches en échec", State.ATTENTION, f"{failed}", "Lisez le journal de « passerelles worker ».")


def parameters(context: Context) -> Iterator[Finding]:
    """Paramètres datés."""
    from passerelles.network.models import Delegation, in_force
    from passerelles.reference import parameters as register
    from passerelles.reference.parameters import Status

    places = [
        f"dt:{slug}"
        for slug in sorted(set(Delegation.objects.filter(in_force(context.today)).values_list("direction", flat=True)))
    ]
    for place in places or ["national"]:
        states = register.settings_on(context.today, place)
        missing = [s.parameter.label for s in states if s.status is Status.NOT_CONFIGURED and s.entry is not None]
        if missing:
            yield Finding(
                f"Paramètres ({place})",
                State.ATTENTION,
                f"{len(missing)} non configuré(s) ce jour : {' ; '.join(missing)}",
                "Un agent de l’État fixe leur valeur et leur date ; d’ici là, les écrans disent « non configuré ».",
            )
        else:
            yield Finding(f"Paramètres ({place})", State.OK, "tous configurés ce jour")


def decisions(context: Context) -> Iterator[Finding]:
    """Décisions sur les paramètres."""
    from passerelles.parameters.queries import unreadable_decisions

    lost = unreadable_decisions()
    if lost:
        yield Finding(
            "Décisions sur les paramètres",
            State.PROBLEM,
            f"{len(lost)} que le registre ne lit plus : {' ; '.join(str(each) for each in lost)}",
            "Un agent de l’État les retire et les reprend dans l’unité du registre.",
        )
    else:
        yield Finding("Décisions sur les paramètres", State.OK, "toutes conformes au registre")


def profiles(context: Context) -> Iterator[Finding]:
    """Profils de rapprochement."""
    from passerelles.linkage.models import Stale

    waiting = Stale.objects.count()
    if waiting > MANY_PROFILES:
        yield Finding(
            "Profils de rapprochement",
            State.ATTENTION,
            f"{waiting} personne(s) à préparer",
            "« passerelles worker » les prépare toutes les cinq minutes ; d’ici là, une recherche peut les manquer.",
        )
    else:
        yield Finding("Profils de rapprochement", State.OK, f"à jour, {waiting} en attente")


def referents(context: Context) -> Iterator[Finding]:
    """Référents primo-arrivants."""
    from passerelles.network.enums import OrganisationKind as Kind
    from passerelles.network.models import Organisation, Referent, in_force

    expected = (Kind.OFII_DT, Kind.OPERATOR, Kind.FRANCE_TRAVAIL, Kind.MISSION_LOCALE, Kind.CAP_EMPLOI, Kind.APEC)
    named = Referent.objects.filter(in_force(context.today)).values("organisation_id")
    vacant = Organisation.objects.filter(kind__in=expected, closed_on=None).exclude(pk__in=named).order_by("name")
    names = list(vacant.values_list("name", flat=True)[:6])
    if names:
        more = f" et {vacant.count() - len(names)} autres" if vacant.count() > len(names) else ""
        yield Finding(
            "Référents",
            State.ATTENTION,
            f"vacants : {', '.join(names)}{more}",
            "Chaque administrateur nomme le sien.",
        )
    else:
        yield Finding("Référents", State.OK, "nommés partout")


def disk(context: Context) -> Iterator[Finding]:
    """Espace disque."""
    from passerelles.core.postgres.location import var_dir

    folder = var_dir()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    detail = f"{free / 1_000_000_000:.1f} Go libres ({folder})"
    if free < LITTLE_DISK:
        yield Finding("Espace disque", State.PROBLEM, detail, "Libérez de la place avant toute sauvegarde.")
    elif free < ENOUGH_DISK:
        yield Finding("Espace disque", State.ATTENTION, detail, "Libérez de la place.")
    else:
        yield Finding("Espace disque", State.OK, detail)


QUESTIONS: tuple[Question, ...] = (
    database,
    migrations,
    journal_is_safe,
    secret_key,
    second_factor,
    https,
    outgoing_mail,
    outbox,
    france_travail,
    worker,
    parameters,
    decisions,
    profiles,
    referents,
    disk,
)


def _column(sql: str, *values: Any) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _value(sql: str, *values: Any) -> Any:
    return _column(sql, *values)[0]
