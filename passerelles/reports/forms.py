"""What is asked of the reader: a month, a DT, a date of knowledge, a comment."""

from __future__ import annotations

from typing import Any

from django import forms

from passerelles.core import clock
from passerelles.core.fields import MonthField
from passerelles.reference import territories
from passerelles.reference.territory import Kind, Territory
from passerelles.reports.catalogue import ReturnType, Template


class _OfDirection(forms.Form):
    """A form whose DT is chosen among those the reader may count; hidden when there is one."""

    def __init__(self, directions: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dt"]
        field.choices = [(code, territories.direction(code).name) for code in directions]
        if len(directions) == 1:
            field.widget = forms.HiddenInput()


class LiveForm(_OfDirection):
    """Which figures to compute: `?mois=2026-01&connu_au=2026-02-05`."""

    mois = MonthField(label="Mois")
    connu_au = forms.DateField(
        label="Tels que connus au",
        required=False,
        help_text="Vide : tels que connus maintenant.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    dt = forms.ChoiceField(label="Direction territoriale")

    def clean_connu_au(self) -> Any:
        day = self.cleaned_data["connu_au"]
        if day is not None and day > clock.today():
            raise forms.ValidationError("Cette date est à venir : choisissez aujourd’hui ou une date passée.")
        return day


class DraftForm(forms.Form):
    """Freeze a period of a return of the catalogue."""

    remontee = forms.CharField(widget=forms.HiddenInput())
    territoire = forms.CharField(widget=forms.HiddenInput())
    periode = forms.CharField(widget=forms.HiddenInput())
    commentaire = forms.CharField(
        label="Commentaire joint à la remontée",
        required=False,
        max_length=2000,
        help_text="Facultatif. Aucun nom : la remontée ne contient que des nombres.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @classmethod
    def of(cls, kind: ReturnType, territory: str, period: str) -> DraftForm:
        """The form of one obligation; a document is written in it."""
        form = DocumentForm if kind.template is Template.DOCUMENT else cls
        return form(initial={"remontee": kind.slug, "territoire": territory, "periode": period})


class DocumentForm(DraftForm):
    """Write and freeze a return that is a text."""

    texte = forms.CharField(
        label="Texte de la remontée",
        max_length=50_000,
        help_text="Aucun nom de personne. Une ligne vide sépare deux paragraphes.",
        widget=forms.Textarea(attrs={"rows": 14}),
    )


class DepositForm(forms.Form):
    """Where a return that does not leave by e-mail was handed over."""

    ou = forms.CharField(
        label="Où la remontée a-t-elle été remise ?",
        max_length=200,
        help_text="Par exemple : RESANA ; comité technique du 12 mars 2026.",
    )


class BoardForm(forms.Form):
    """`?territoire=department:57&mois=2026-01&carte=signataires`."""

    territoire = forms.ChoiceField(label="Territoire")
    mois = MonthField(label="Mois")
    carte = forms.ChoiceField(label="Chiffre de la carte", required=False)

    def __init__(self, places: tuple[Territory, ...], codes: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territoire"].choices = [(str(place), place.label_fr) for place in places]
        self.fields["carte"].choices = list(codes.items())
        if not any(place.kind in (Kind.REGION, Kind.NATIONAL) for place in places):
            self.fields["carte"].widget = forms.HiddenInput()
