"""The questions of a diagnosis as fields: each of the type of its fact, empty when nobody answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from passerelles.core import clock
from passerelles.core.errors import UserError
from passerelles.core.text import clean
from passerelles.orientation.engine.facts import NEVER_WORD, FactSpec, FactType, Value
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.orientation.rules.facts import PERSON
from passerelles.reference import countries, territories
from passerelles.reference.levels import Level

YES_NO = (("oui", "Oui"), ("non", "Non"))
NONE_OF_THEM = "aucun"
FEW = 5
NOT_SAID, EMPTIED = ("", "non renseigné"), ("", "Non renseigné")
SOURCES = (
    "personne",
    "OFII",
    "opérateur AGIR",
    "France Travail",
    "préfecture",
    "département",
    "employeur",
    "conseiller",
)
READ_PREFIX, NEVER_SUFFIX = "lu-", "-jamais"


def field_name(code: str) -> str:
    """`frein.sante` → `q-frein-sante`: the name of a question in a page."""
    return f"q-{code.replace('.', '-')}"


def written(spec: FactSpec, value: Value | None) -> Any:
    """A value as its field shows it."""
    if value is None:
        return [] if spec.type in {FactType.CODES, FactType.OCCUPATIONS} else ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    plain = spec.plain(value)
    if spec.type is FactType.CODES and plain == []:
        return [NONE_OF_THEM]
    return "" if plain == NEVER_WORD else plain


def sources_of(code: str) -> tuple[str, ...]:
    """Who may say it, the person first: at the desk, it is the person who answers."""
    return tuple(sorted(ITEMS[code].sources, key=lambda source: source != PERSON))


class QuestionsForm(forms.Form):
    """One field for each code of `codes`. `current`: what is known now; `read`: the statement on the screen.

    `may_be_emptied`: a choice already made may be taken back.
    """

    def __init__(
        self,
        codes: Iterable[str],
        data: Any = None,
        *,
        current: Mapping[str, Value] | None = None,
        read: Mapping[str, uuid.UUID] | None = None,
        may_be_emptied: bool = False,
    ) -> None:
        super().__init__(data)
        self.codes = tuple(codes)
        self._current, self._read = current or {}, read or {}
        for code in self.codes:
            spec, name = ITEMS[code], field_name(code)
            value = self._current.get(code)
            self.fields[name] = _field(spec)
            if may_be_emptied and type(self.fields[name].widget) is forms.RadioSelect:
                self.fields[name].choices = [*self.fields[name].choices, EMPTIED]
            self.fields[name].initial = written(spec, value)
            if spec.may_be_never:
                self.fields[name + NEVER_SUFFIX] = forms.BooleanField(
                    label="Cela n’a pas eu lieu",
                    required=False,
                    initial=value is not None and written(spec, value) == "",
                )
            self.fields[READ_PREFIX + name] = forms.CharField(
                required=False, initial=str(self._read.get(code, "")), widget=forms.HiddenInput
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for code in self.codes:
            spec, name = ITEMS[code], field_name(code)
            raw = _raw(spec, values, name)
            if raw is None or name in self.errors:
                continue
            try:
                spec.read(raw)
            except UserError as error:
                self.add_error(name, error.remedy or error.sentence)
        return values

    @property
    def answers(self) -> dict[str, Any]:
        """{code: what was answered}, for the questions answered without a mistake."""
        found = {}
        for code in self.codes:
            name = field_name(code)
            raw = None if name in self.errors else _raw(ITEMS[code], self.cleaned_data, name)
            if raw is not None:
                found[code] = raw
        return found

    @property
    def changes(self) -> dict[str, Any]:
        """The answers that differ from what is known; None for a value that was emptied."""
        answers = self.answers
        found: dict[str, Any] = {}
        for code in self.codes:
            spec, now = ITEMS[code], self._current.get(code)
            if code in answers:
                if spec.read(answers[code]) != now:
                    found[code] = answers[code]
            elif now is not None and field_name(code) not in self.errors:
                found[code] = None
        return found

    @property
    def read(self) -> dict[str, uuid.UUID | None]:
        """{code: the statement that was on the screen}."""
        return {code: _identifier(self.cleaned_data.get(READ_PREFIX + field_name(code))) for code in self.codes}

    def parts(self, code: str) -> tuple[forms.BoundField, forms.BoundField | None, forms.BoundField]:
        """The fields of one question: the answer, « never » for a date that may be so, and the statement read."""
        name = field_name(code)
        never = self[name + NEVER_SUFFIX] if ITEMS[code].may_be_never else None
        return self[name], never, self[READ_PREFIX + name]


class SourceForm(forms.Form):
    """From whom, and since when: for all that one saving of the page changes."""

    source = forms.ChoiceField(label="Source", choices=[(source, source.capitalize()) for source in SOURCES])
    as_of = forms.DateField(
        label="Constaté le",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Écrivez une date : jour, mois, année."},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"source": "personne", "as_of": clock.today()})

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day > clock.today():
            raise forms.ValidationError("Cette date est dans le futur.")
        if day.year < 1950:
            raise forms.ValidationError("Cette date est trop ancienne.")
        return day


def _field(spec: FactSpec) -> forms.Field:
    label, options = spec.question, {"required": False}
    match spec.type:
        case FactType.BOOL:
            return forms.ChoiceField(label=label, choices=YES_NO, widget=forms.RadioSelect, **options)
        case FactType.ENUM:
            choices = [(code, f"{text[0].upper()}{text[1:]}") for code, text in spec.values.items()]
            if len(choices) <= FEW:
                return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **options)
            return forms.ChoiceField(label=label, choices=[NOT_SAID, *choices], **options)
        case FactType.LEVEL:
            return forms.ChoiceField(
                label=label, choices=[NOT_SAID, *((level.value, level.label_fr) for level in Level)], **options
            )
        case FactType.COUNTRY:
            return forms.ChoiceField(label=label, choices=_countries, **options)
        case FactType.DEPARTMENT:
            return forms.ChoiceField(label=label, choices=_departments, **options)
        case FactType.DATE:
            return forms.DateField(
                label=label,
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                error_messages={"invalid": "Écrivez une date : jour, mois, année."},
                **options,
            )
        case FactType.INT:
            return forms.IntegerField(label=label, min_value=0, max_value=spec.highest, **options)
        case FactType.CODES:
            choices = [*((code, f"{text[0].upper()}{text[1:]}") for code, text in spec.values.items())]
            choices.append((NONE_OF_THEM, "Rien de tout cela"))
            return forms.MultipleChoiceField(
                label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **options
            )
        case FactType.OCCUPATIONS:
            return OccupationsField(label=label, **options)


class OccupationsField(forms.Field):
    """ROME codes, chosen among the lines found for what was typed."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return [clean(str(code))[:10] for code in value or [] if clean(str(code))]


def _raw(spec: FactSpec, values: Mapping[str, Any], name: str) -> Any:
    """What was answered, as `FactSpec.read` wants it; None for no answer."""
    value = values.get(name)
    if spec.may_be_never and values.get(name + NEVER_SUFFIX):
        return NEVER_WORD
    if value in (None, "", []):
        return None
    if spec.type is FactType.CODES:
        return [] if value == [NONE_OF_THEM] else [code for code in value if code != NONE_OF_THEM]
    return value


def _identifier(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def _countries() -> list[tuple[str, str]]:
    known = sorted(((each.iso2, each.name) for each in countries.all_countries()), key=lambda pair: pair[1])
    return [NOT_SAID, *known]


def _departments() -> list[tuple[str, str]]:
    return [NOT_SAID, *((each.code, f"{each.code} {each.name}") for each in territories.departments())]
