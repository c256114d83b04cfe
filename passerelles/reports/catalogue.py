"""The returns that the documents ask for (F.8): who sends what to whom, how often, when, by which channel. Pure.

`due` gives a date only where a document gives one, or where the platform proposes one and says so; the dated deadlines
of 2024 are history, and the same return of a later year has a date to confirm (L-055).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from passerelles.core.errors import Unknown
from passerelles.network.enums import Role
from passerelles.reference.territory import Kind, Territory
from passerelles.reports.schedule import LENGTHS, Frequency, ReturnPeriod, periods


class Channel(StrEnum):
    EMAIL = "courriel, fichier joint"
    PLATFORM = "dépôt sur une autre plateforme"
    MEETING = "remise en réunion"


class Template(StrEnum):
    """What the platform writes of it."""

    METZ = "metz"
    FIGURES = "figures"
    DOCUMENT = "document"


class Desk(StrEnum):
    """Who receives, found in the directory by nature and territory."""

    DT = "la direction territoriale de l’OFII"
    DREETS = "la DREETS de la région"
    DDETS = "la DDETS(PP) du département"
    REGION_PREFECTURE = "la préfecture de région"
    DEPARTMENT_PREFECTURE = "la préfecture du département"
    DGEF = "la DGEF"
    DGEFP = "la DGEFP"
    DIAN = "la DIAN"


RECEIVERS = {
    Desk.DT: Role.DT_MANAGER,
    Desk.DREETS: Role.REGION_STATE,
    Desk.REGION_PREFECTURE: Role.REGION_STATE,
    Desk.DDETS: Role.DEPARTMENT_STATE,
    Desk.DEPARTMENT_PREFECTURE: Role.DEPARTMENT_STATE,
    Desk.DGEF: Role.NATIONAL_STATE,
    Desk.DGEFP: Role.NATIONAL_STATE,
    Desk.DIAN: Role.NATIONAL_STATE,
}
"""The role that sits at each desk: only a recipient says that a return has arrived (F.8)."""


@dataclass(frozen=True, slots=True)
class Due:
    """`days` after the end of the period. `stated`: does a document give this deadline?"""

    days: int
    stated: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReturnType:
    """One line of F.8. `since`: first day on which it is asked; `until`: last; `only`: the one territory concerned."""

    code: str
    slug: str
    name: str
    sender: str
    desks: tuple[Desk, ...]
    frequency: Frequency
    channel: Channel
    levels: tuple[Kind, ...]
    source: str
    drafts: tuple[Role, ...]
    validates: tuple[Role, ...]
    template: Template = Template.DOCUMENT
    due: Due | None = None
    since: dt.date = dt.date(2024, 3, 26)
    until: dt.date | None = None
    only: str = ""
    dated: tuple[tuple[dt.date, str], ...] = ()
    public: bool = False
    """True when it leaves the circle of those entitled to the list: its counts are protected."""

    @property
    def by_calendar(self) -> bool:
        return self.frequency in LENGTHS

    @property
    def sends(self) -> tuple[Role, ...]:
        """The sender of F.8: who drafts, or answers for it."""
        return (*self.drafts, *self.validates)

    @property
    def receives(self) -> tuple[Role, ...]:
        """Who may say that it has arrived."""
        return tuple(dict.fromkeys(RECEIVERS[desk] for desk in self.desks))

    def concerns(self, territory: Territory) -> bool:
        """Is the return asked of this territory?"""
        return territory.kind in self.levels and self.only in ("", str(territory))

    def due_on(self, period: ReturnPeriod) -> dt.date | None:
        """The day, or None when it has to be confirmed (L-055)."""
        return None if self.due is None else period.ends_on + dt.timedelta(days=self.due.days)

    def periods_until(self, today: dt.date) -> Iterator[ReturnPeriod]:
        """The periods asked for that are over, oldest first."""
        until = today if self.until is None else min(today, self.until)
        return periods(self.frequency, self.since, until)


STATE_OF_DEPARTMENT = (Role.DEPARTMENT_STATE,)
STATE_OF_REGION = (Role.REGION_STATE,)
NATION = (Role.NATIONAL_STATE,)
PREFECTS = STATE_OF_DEPARTMENT + STATE_OF_REGION
OF_2024 = "dates de l’instruction du 26 mars 2024"
MONTH_END = Due(0, stated=True)


def _state(code: str, slug: str, name: str, frequency: Frequency, level: Kind, **more: object) -> ReturnType:
    """A return of the State to the DIAN by its mailbox, as most lines of the instruction of 2024."""
    roles = {Kind.DEPARTMENT: STATE_OF_DEPARTMENT, Kind.REGION: STATE_OF_REGION, Kind.NATIONAL: NATION}[level]
    senders = {
        Kind.DEPARTMENT: "Préfet de département",
        Kind.REGION: "Préfecture de région",
        Kind.NATIONAL: "DIAN",
    }
    values: dict[str, object] = {
        "sender": senders[level],
        "desks": (Desk.DIAN,),
        "channel": Channel.EMAIL,
        "source": "instruction du 26 mars 2024",
        "drafts": roles,
        "validates": roles,
    }
    return ReturnType(code=code, slug=slug, name=name, frequency=frequency, levels=(level,), **(values | more))  # type: ignore[arg-type]


def _agir(code: str, slug: str, name: str) -> ReturnType:
    """What an AGIR operator deposits for the DIAN."""
    return ReturnType(
        code=code,
        slug=slug,
        name=name,
        sender="Opérateurs AGIR",
        desks=(Desk.DIAN,),
        frequency=Frequency.CONTINUOUS,
        channel=Channel.PLATFORM,
        levels=(Kind.DEPARTMENT,),
        source="instruction du 26 mars 2024",
        drafts=(Role.AGIR_OPERATOR,),
        validates=(Role.ORGANISATION_ADMIN,),
    )


METZ_MONTHLY = ReturnType(
    code="REP-01",
    slug="metz-monthly",
    name="Remontée mensuelle de l’expérimentation",
    sender="Opérateur retenu",
    desks=(Desk.DT, Desk.DREETS),
    frequency=Frequency.MONTHLY,
    channel=Channel.EMAIL,
    levels=(Kind.DIRECTION,),
    source="convention de l’expérimentation : à la fin de chaque mois",
    drafts=(Role.CIP,),
    validates=(Role.ORGANISATION_ADMIN,),
    template=Template.METZ,
    due=MONTH_END,
    since=dt.date(2025, 12, 8),
    until=dt.date(2026, 11, 30),
    only="dt:metz",
)
SHORTAGE = ReturnType(
    code="REP-02",
    slug="metiers-en-tension",
    name="Couverture des métiers en tension",
    sender="Préfets de région et de département",
    desks=(Desk.DGEF, Desk.DGEFP),
    frequency=Frequency.QUARTERLY,
    channel=Channel.EMAIL,
    levels=(Kind.DEPARTMENT, Kind.REGION),
    source="instruction du 26 juin 2025",
    drafts=PREFECTS,
    validates=PREFECTS,
    template=Template.FIGURES,
    due=Due(26, stated=False, note="« tous les trois mois » à compter du 26 juin 2025 : le jour est proposé"),
    since=dt.date(2025, 7, 1),
    dated=((dt.date(2025, 10, 31), "premier bilan national, en octobre 2025"),),
    public=True,
)
CATALOGUE: tuple[ReturnType, ...] = (
    METZ_MONTHLY,
    SHORTAGE,
    ReturnType(
        code="REP-03",
        slug="tableau-de-bord-idf",
        name="Tableau de bord d’Île-de-France",
        sender="France Travail, DRIEETS, OFII",
        desks=(Desk.REGION_PREFECTURE,),
        frequency=Frequency.MONTHLY,
        channel=Channel.EMAIL,
        levels=(Kind.REGION,),
        source="instruction du 26 juin 2025, annexe Île-de-France",
        drafts=STATE_OF_REGION,
        validates=STATE_OF_REGION,
        template=Template.FIGURES,
        due=Due(15, stated=False, note="« mis à jour mensuellement » : le jour est proposé"),
        since=dt.date(2025, 1, 1),
        only="region:11",
        public=True,
    ),
    ReturnType(
        code="REP-04",
        slug="statistiques-departementales",
        name="Statistiques départementales",
        sender="Acteurs du service public de l’emploi",
        desks=(Desk.DDETS,),
        frequency=Frequency.FOUR_MONTHLY,
        channel=Channel.EMAIL,
        levels=(Kind.DEPARTMENT,),
        source="accords de Paris et de la Haute-Garonne : « régulières »",
        drafts=STATE_OF_DEPARTMENT,
        validates=STATE_OF_DEPARTMENT,
        template=Template.FIGURES,
        due=Due(30, stated=False, note="au moins trois par an, une par comité technique : proposition"),
        since=dt.date(2025, 1, 1),
        public=True,
    ),
    _state(
        "REP-05",
        "bilan-plan-actions",
        "Bilan annuel du plan d’actions",
        Frequency.YEARLY,
        Kind.DEPARTMENT,
        sender="Comité technique",
        desks=(Desk.DEPARTMENT_PREFECTURE,),
        channel=Channel.MEETING,
        source="accord de Paris, article 5",
        since=dt.date(2022, 6, 1),
        until=dt.date(2026, 3, 1),
        only="department:75",
    ),
    _state(
        "REP-06",
        "bilan-regional",
        "Bilan annuel régional",
        Frequency.YEARLY,
        Kind.REGION,
        sender="Région, avec la contribution des référents départementaux",
        desks=(Desk.REGION_PREFECTURE,),
        channel=Channel.MEETING,
        source="accord de la Haute-Garonne, article 5",
        since=dt.date(2021, 10, 15),
        only="region:76",
    ),
    _state("REP-07", "synthese-copil", "Synthèse des comités de pilotage", Frequency.HALF_YEARLY, Kind.REGION),
    _state("REP-08", "synthese-communication", "Synthèse de la communication", Frequency.UNSPECIFIED, Kind.REGION),
    _state(
        "REP-09", "lettres-de-mission", "Lettres de mission et noms des référents", Frequency.ON_CHANGE, Kind.DEPARTMENT
    ),
    _state(
        "REP-10",
        "fiche-ctai",
        "Fiche d’instruction d’un CTAI",
        Frequency.CONTINUOUS,
        Kind.DEPARTMENT,
        dated=((dt.date(2024, 6, 30), "renouvellements"), (dt.date(2024, 9, 30), "nouvelles demandes")),
    ),
    _state(
        "REP-11",
        "tableau-ctai",
        "Tableau mensuel des CTAI possibles et engagés",
        Frequency.MONTHLY,
        Kind.DEPARTMENT,
        channel=Channel.PLATFORM,
        until=dt.date(2024, 12, 31),
        since=dt.date(2024, 4, 1),
        due=MONTH_END,
    ),
    _state(
        "REP-12",
        "bilan-ctai",
        "Bilan d’un CTAI",
        Frequency.ON_REQUEST,
        Kind.DEPARTMENT,
        sender="Collectivité",
        desks=(Desk.DEPARTMENT_PREFECTURE,),
    ),
    _agir("REP-13", "indicateurs-agir", "Indicateurs du programme AGIR"),
    _agir("REP-14", "service-fait-agir", "Justificatifs de service fait du programme AGIR"),
    _state(
        "REP-15",
        "barometre-agir",
        "Baromètre du programme AGIR",
        Frequency.WEEKLY,
        Kind.NATIONAL,
        desks=(Desk.REGION_PREFECTURE,),
        channel=Channel.PLATFORM,
    ),
    _state("REP-16", "prestation-2-agir", "Analyse de la prestation 2 AGIR", Frequency.ON_REQUEST, Kind.DEPARTMENT),
    _state(
        "REP-17",
        "liste-pne",
        "Liste des structures de la procédure nationale d’évaluation",
        Frequency.YEARLY,
        Kind.DEPARTMENT,
        dated=((dt.date(2024, 3, 15), "liste pour l’enquête 2023"),),
        since=dt.date(2024, 1, 1),
    ),
    _state(
        "REP-18",
        "reponses-pne",
        "Réponses à la procédure nationale d’évaluation",
        Frequency.YEARLY,
        Kind.NATIONAL,
        sender="Structures financées",
        channel=Channel.PLATFORM,
        dated=((dt.date(2024, 5, 31), "clôture de l’enquête 2023"),),
    ),
    _state(
        "REP-19",
        "cerfa-15059",
        "Compte rendu financier (Cerfa 15059*02)",
        Frequency.YEARLY,
        Kind.DEPARTMENT,
        sender="Structures financées",
        desks=(Desk.DEPARTMENT_PREFECTURE,),
        due=Due(181, stated=True, note="dans les six mois de la fin de l’exercice"),
        since=dt.date(2024, 1, 1),
    ),
    _state(
        "REP-20",
        "besoins-bpt",
        "État des besoins BPT",
        Frequency.YEARLY,
        Kind.DEPARTMENT,
        dated=((dt.date(2024, 7, 1), "première situation"),),
    ),
    _state(
        "REP-21",
        "bilan-accords",
        "Bilan des accords départementaux",
        Frequency.ON_REQUEST,
        Kind.DEPARTMENT,
        dated=((dt.date(2024, 6, 30), "avant la fin du premier semestre 2024"),),
    ),
    _state(
        "REP-22",
        "projets-reproductibles",
        "Projets reproductibles",
        Frequency.YEARLY,
        Kind.DEPARTMENT,
        dated=((dt.date(2024, 3, 31), "premier trimestre 2024"),),
    ),
    _state(
        "REP-23",
        "synthese-controles",
        "Synthèse des contrôles sur place",
        Frequency.YEARLY,
        Kind.REGION,
        dated=((dt.date(2024, 9, 30), "au plus tard"),),
    ),
    _state(
        "REP-24",
        "bilan-pne",
        "Bilan national et synthèses régionales de la PNE",
        Frequency.YEARLY,
        Kind.NATIONAL,
        desks=(Desk.REGION_PREFECTURE,),
        dated=((dt.date(2024, 9, 30), "au plus tard en septembre 2024"),),
    ),
    _state(
        "REP-25",
        "dossier-dtg",
        "Dossier du dialogue territorial et de gestion",
        Frequency.YEARLY,
        Kind.REGION,
        channel=Channel.MEETING,
        dated=((dt.date(2024, 6, 30), "avant la fin du premier semestre 2024"),),
    ),
    ReturnType(
        code="REP-26",
        slug="profil-signataires",
        name="Profil des signataires du CIR",
        sender="Direction territoriale de l’OFII",
        desks=(Desk.DDETS,),
        frequency=Frequency.YEARLY,
        channel=Channel.EMAIL,
        levels=(Kind.DEPARTMENT,),
        source="accord de la Haute-Garonne, annexe ; instruction du 26 mars 2024",
        drafts=(Role.DT_MANAGER,),
        validates=(Role.DT_MANAGER,),
        template=Template.FIGURES,
        due=Due(90, stated=False, note="« régulièrement » : un profil par an, proposition"),
        since=dt.date(2020, 1, 1),
        public=True,
    ),
)
_BY_SLUG = {each.slug: each for each in CATALOGUE}


def return_type(slug: str) -> ReturnType:
    """By the slug that a return remembers; raises Unknown."""
    if slug not in _BY_SLUG:
        raise Unknown(f"La remontée « {slug} » n’est pas au catalogue.")
    return _BY_SLUG[slug]
