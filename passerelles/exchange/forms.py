"""Forms of the files received."""

from __future__ import annotations

from django import forms

from passerelles.core import clock
from passerelles.exchange.models import FileKind
from passerelles.exchange.readers.layouts import layout
from passerelles.network.enums import OrganisationKind
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor


class UploadForm(forms.Form):
    """What a file is, for which DT, and the day it was drawn up."""

    kind = forms.ChoiceField(label="Que contient ce fichier ?", choices=FileKind.choices)
    dt = forms.ModelChoiceField(label="Direction territoriale", queryset=Organisation.objects.none(), empty_label=None)
    as_of = forms.DateField(
        label="Date de la liste",
        help_text="Le jour où la liste a été établie, pas celui du dépôt.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    file = forms.FileField(
        label="Fichier",
        help_text="Tableur (xlsx, ods, xls) ou csv, tel que vous l’avez reçu. 60 Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.xls,.csv,.txt"}),
    )

    def __init__(self, *args, actor: Actor, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dt"].queryset = Organisation.objects.filter(
            kind=OrganisationKind.OFII_DT, direction__in=actor.directions
        )
        self.fields["as_of"].initial = clock.today()

    def clean_as_of(self):
        as_of = self.cleaned_data["as_of"]
        if as_of > clock.today():
            raise forms.ValidationError("La date de la liste est dans le futur : vérifiez-la.")
        return as_of


class ColumnsForm(forms.Form):
    """One choice of header per field of the layout, filled with the guess."""

    remember = forms.BooleanField(
        label="Proposer cette correspondance pour les prochains fichiers de mon organisme", required=False, initial=True
    )

    def __init__(self, *args, kind: str, headers: list[str], guessed: dict[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Absente du fichier"), *((header, header) for header in headers)]
        self.columns = [field.name for field in layout(kind).fields]
        for field in layout(kind).fields:
            self.fields[f"column_{field.name}"] = forms.ChoiceField(
                label=field.label,
                choices=choices,
                required=field.required,
                initial=guessed.get(field.name, ""),
                help_text=field.help,
            )

    @property
    def chosen(self) -> dict[str, str]:
        """{field: header} for the fields that have one."""
        return {name: header for name in self.columns if (header := self.cleaned_data[f"column_{name}"])}

    def column_fields(self):
        """The bound fields of the columns, in the order of the layout."""
        return [self[f"column_{name}"] for name in self.columns]


class AnswerForm(forms.Form):
    """The file of answers, sent back."""

    file = forms.FileField(
        label="Le tableau rempli",
        help_text="Au format xlsx, ods, xls ou csv. Rien n’est enregistré avant votre accord.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.xls,.csv,.txt"}),
        error_messages={"required": "Choisissez le fichier.", "empty": "Le fichier est vide."},
    )
