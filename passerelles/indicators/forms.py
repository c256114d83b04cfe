"""What is asked of a figure: a period, a place, how it is cut, as known when. Everything is in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from passerelles.core import clock
from passerelles.core.fields import MonthField
from passerelles.core.periods import Month, Period
from passerelles.indicators.impact import protocol
from passerelles.indicators.impact.protocol import HELPS, OUTCOMES
from passerelles.reference.territory import Territory

STEPS = (("", "En une fois"), ("month", "Par mois"), ("quarter", "Par trimestre"), ("year", "Par an"))
LONGEST_YEARS = 10


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class FigureForm(forms.Form):
    """`?du=2026-01-01&au=2026-01-31&territoire=dt:metz&par=sexe&et_par=tranche`."""

    du = _day("Du")
    au = _day("Au")
    territoire = forms.ChoiceField(label="Territoire")
    par = forms.ChoiceField(label="Par", required=False)
    et_par = forms.ChoiceField(label="Et par", required=False)
    pas = forms.ChoiceField(label="Découpage", choices=STEPS, required=False)
    connu_au = _day("Tel que connu au", required=False, help_text="Vide : tel que connu maintenant.")

    def __init__(
        self, places: tuple[Territory, ...], dimensions: dict[str, str], whole_months: bool, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.whole_months = whole_months
        self.fields["territoire"].choices = [(str(place), place.label_fr) for place in places]
        for name, nothing in (("par", "Ensemble"), ("et_par", "—")):
            self.fields[name].choices = [("", nothing), *dimensions.items()]

    def clean_connu_au(self) -> dt.date | None:
        day = self.cleaned_data["connu_au"]
        if day is not None and day > clock.today():
            raise forms.ValidationError("Cette date est à venir : choisissez aujourd’hui ou une date passée.")
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("du"), found.get("au")
        if start and end and end < start:
            self.add_error("au", "La période finit avant son début : corrigez l’une des deux dates.")
        elif start and end and end.year - start.year > LONGEST_YEARS:
            self.add_error("au", f"La période dépasse {LONGEST_YEARS} ans : raccourcissez-la.")
        elif start and end and self.whole_months and (start.day != 1 or end != Month.of(end).last):
            self.add_error("au", "Choisissez des mois entiers : du premier jour d’un mois au dernier jour d’un mois.")
        if found.get("par") and found.get("par") == found.get("et_par"):
            found["et_par"] = ""
        return found

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["du"], self.cleaned_data["au"])

    @property
    def by(self) -> tuple[str, ...]:
        return tuple(code for code in (self.cleaned_data["par"], self.cleaned_data["et_par"]) if code)


HORIZONS = ((182, "Six mois (182 jours)"), (365, "Un an (365 jours)"), (730, "Deux ans (730 jours)"))
POPULATIONS = (
    ("tous", "Tous les signataires"),
    ("inscrits", "Inscrits à France Travail à trois mois près de la signature"),
)


class CohortForm(forms.Form):
    """`?attente=emploi&de=2025-01&a=2025-12&territoire=dt:metz&par=sexe`: whole months, for every reader."""

    attente = forms.ChoiceField(label="Durée jusqu’à")
    de = MonthField(label="Signatures de")
    a = MonthField(label="à (mois compris)")
    territoire = forms.ChoiceField(label="Territoire")
    population = forms.ChoiceField(label="Population", choices=POPULATIONS)
    par = forms.ChoiceField(label="Comparer par", required=False)
    duree = forms.TypedChoiceField(label="Suivi pendant", choices=HORIZONS, coerce=int)
    connu_au = _day("Tel que connu au", required=False, help_text="Vide : tel que connu maintenant.")

    def __init__(
        self, places: tuple[Territory, ...], waits: dict[str, str], groups: dict[str, str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territoire"].choices = [(str(place), place.label_fr) for place in places]
        self.fields["attente"].choices = list(waits.items())
        self.fields["par"].choices = [("", "Ensemble"), *groups.items()]

    clean_connu_au = FigureForm.clean_connu_au

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("de"), found.get("a")
        if first and last and last < first:
            self.add_error("a", "La période finit avant son début : corrigez l’un des deux mois.")
        elif first and last and last.year - first.year > LONGEST_YEARS:
            self.add_error("a", f"La période dépasse {LONGEST_YEARS} ans : raccourcissez-la.")
        return found


def cohort_opening(places: tuple[Territory, ...]) -> dict[str, str]:
    """The signatories of the last twenty-four whole months, until a job, by sex."""
    last = Month.of(clock.today()).previous
    return {
        "attente": "emploi",
        "de": str(last.shift(-23)),
        "a": str(last),
        "territoire": str(places[0]) if places else "",
        "population": "tous",
        "par": "sexe",
        "duree": "365",
        "connu_au": "",
    }


class DeclarationForm(forms.Form):
    """An impact benchmark. Shares are written in percent: 33 for 33 %."""

    nom = forms.CharField(label="Nom de l’expérimentation", max_length=200)
    territoire = forms.ChoiceField(label="Territoire de l’expérimentation")
    aide = forms.ChoiceField(label="Personnes accompagnées", choices=list(HELPS.items()), widget=forms.RadioSelect)
    comparaison = forms.ChoiceField(
        label="Territoire de comparaison",
        required=False,
        help_text="Seulement pour comparer deux territoires ; sinon, la comparaison se fait dans le territoire.",
    )
    mesure = forms.ChoiceField(
        label="Ce qui est mesuré",
        choices=[(code, f"Avoir eu {name}") for code, name in OUTCOMES.items()],
        initial="emploi",
    )
    duree = forms.TypedChoiceField(
        label="Dans les",
        choices=[(days, f"{days} jours de la signature") for days in protocol.HORIZONS],
        coerce=int,
        initial=182,
    )
    depart = forms.DecimalField(
        label="Valeur de départ, en %",
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        help_text="Ce que l’on observe sans l’expérimentation, par exemple 33.",
    )
    cible = forms.DecimalField(
        label="Cible, en %",
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        help_text="Passer de 33 % à 43 % demande 369 personnes par groupe ; de 33 % à 38 %, 1 437.",
    )
    effectif = forms.IntegerField(
        label="Effectif minimal de chaque groupe",
        required=False,
        min_value=1,
        help_text="Vide : le plus petit qui puisse montrer la cible.",
    )
    debut = _day("Début de l’expérimentation", help_text="Un jour à venir.")
    fin = _day("Dernière signature prise en compte")
    mesure_le = _day("Date de mesure", help_text="Quand les derniers signataires auront été suivis assez longtemps.")

    def __init__(self, places: list[Territory], others: list[Territory], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territoire"].choices = [(str(place), place.label_fr) for place in places]
        self.fields["comparaison"].choices = [("", "Aucun"), *((str(place), place.label_fr) for place in others)]

    def values(self) -> dict[str, Any]:
        """The arguments of `declare_benchmark`."""
        found = self.cleaned_data
        return {
            "name": found["nom"],
            "territory": found["territoire"],
            "help_": found["aide"],
            "compared_with": found["comparaison"],
            "outcome": found["mesure"],
            "days": found["duree"],
            "baseline": found["depart"] / 100,
            "target": found["cible"] / 100,
            "minimum": found["effectif"],
            "starts_on": found["debut"],
            "ends_on": found["fin"],
            "measured_on": found["mesure_le"],
        }


def opening(places: tuple[Territory, ...], first: str) -> dict[str, str]:
    """What the form shows before anything is asked: the last twelve whole months, the widest place, by `first`."""
    last = Month.of(clock.today().replace(day=1) - dt.timedelta(days=1)).last
    start = (last + dt.timedelta(days=1)).replace(year=last.year - (last.month != 12))
    return {
        "du": start.isoformat(),
        "au": last.isoformat(),
        "territoire": str(places[0]) if places else "",
        "par": first,
        "et_par": "",
        "pas": "",
        "connu_au": "",
    }
