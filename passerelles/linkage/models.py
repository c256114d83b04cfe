"""Lists received from France Travail, RSA and AGIR, their lines, and what each person was found to be in them."""

from __future__ import annotations

from django.db import models

from passerelles.core.models import Record, retention
from passerelles.network.models import Organisation
from passerelles.people.enums import Register
from passerelles.people.models import Person


class ExternalList(Record):
    """A list as it stood on `as_of`. The newest of each register and DT is the one that counts."""

    register = models.CharField("registre", max_length=5, choices=Register.choices)
    direction = models.CharField("direction territoriale", max_length=40)
    as_of = models.DateField("date de la liste")
    filename = models.CharField("fichier", max_length=255)
    loaded_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    complete = models.BooleanField("chargée entièrement", default=False)

    retention = retention(keep="register direction as_of filename loaded_by complete")

    class Meta:
        verbose_name = "liste externe"
        ordering = ("-as_of", "-created_at", "id")
        indexes = [models.Index(fields=("direction", "register", "-as_of"), name="list_newest")]

    def __str__(self) -> str:
        return f"{self.get_register_display()} au {self.as_of:%d/%m/%Y}"


class ExternalRecord(Record):
    """One line of a list: the minimum that a comparison needs (K-004)."""

    list = models.ForeignKey(ExternalList, on_delete=models.CASCADE, related_name="records")
    family_name = models.CharField("nom", max_length=120)
    birth_name = models.CharField("nom de naissance", max_length=120, blank=True)
    given_names = models.CharField("prénoms", max_length=160)
    birth_date = models.DateField("date de naissance", null=True)
    sex = models.CharField("sexe", max_length=1, blank=True)
    family_key = models.CharField("clé du nom", max_length=120)
    given_key = models.CharField("clé des prénoms", max_length=160)
    agdref_hash = models.BinaryField("empreinte AGDREF", max_length=16, null=True)
    nir_hash = models.BinaryField("empreinte NIR", max_length=16, null=True)
    ft_hash = models.BinaryField("empreinte France Travail", max_length=16, null=True)
    since = models.DateField("depuis le", null=True)
    until = models.DateField("jusqu’au", null=True)
    line = models.PositiveIntegerField("ligne du fichier")
    sheet = models.CharField("feuille", max_length=100, blank=True)

    retention = retention(
        keep="list line sheet since until",
        erase="family_name birth_name given_names birth_date sex family_key given_key agdref_hash nir_hash ft_hash",
    )

    class Meta:
        verbose_name = "ligne de liste"
        ordering = ("list", "line", "id")
        constraints = [models.UniqueConstraint(fields=("list", "sheet", "line"), name="record_line_once")]
        indexes = [
            models.Index(fields=("list", "agdref_hash"), name="record_agdref"),
            models.Index(fields=("list", "nir_hash"), name="record_nir"),
            models.Index(fields=("list", "ft_hash"), name="record_ft"),
            models.Index(fields=("list", "birth_date"), name="record_birth"),
            models.Index(fields=("list", "family_key", "given_key"), name="record_names"),
        ]

    def __str__(self) -> str:
        return f"ligne {self.line}"


class CheckResult(models.TextChoices):
    """The answer of a check (C-018): known, not found, or for a person to settle."""

    REGISTERED = "registered", "Connu"
    NOT_FOUND = "not_found", "Non trouvé"
    TO_REVIEW = "to_review", "À vérifier"


class Check(Record):
    """The standing answer for one person and one register, with its source, the date of the list and the reason."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="checks")
    register = models.CharField("registre", max_length=5, choices=Register.choices)
    result = models.CharField("résultat", max_length=12, choices=CheckResult.choices)
    list = models.ForeignKey(ExternalList, on_delete=models.SET_NULL, null=True, related_name="+")
    record = models.ForeignKey(ExternalRecord, on_delete=models.SET_NULL, null=True, related_name="+")
    source = models.CharField("source", max_length=200)
    as_of = models.DateField("date de la source")
    reason = models.CharField("motif", max_length=300)
    settled_by = models.UUIDField("tranché par", null=True)
    settled_at = models.DateTimeField("tranché le", null=True)

    retention = retention(
        keep="register result list as_of settled_at source", pseudonymise="person settled_by", erase="record reason"
    )

    class Meta:
        verbose_name = "vérification"
        ordering = ("person", "register", "id")
        constraints = [models.UniqueConstraint(fields=("person", "register"), name="check_once")]
        indexes = [models.Index(fields=("result",), name="check_to_review", condition=models.Q(result="to_review"))]

    def __str__(self) -> str:
        return f"{self.get_register_display()} : {self.get_result_display()}"


class NotSamePerson(Record):
    """A pair judged different, remembered for ever: asked once, never again."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    register = models.CharField("registre", max_length=5, choices=Register.choices)
    record_key = models.CharField("empreinte de la ligne", max_length=400)
    judged_by = models.UUIDField("jugé par", null=True)

    retention = retention(keep="register", pseudonymise="person judged_by", erase="record_key")

    class Meta:
        verbose_name = "paire jugée différente"
        ordering = ("person", "id")
        constraints = [models.UniqueConstraint(fields=("person", "register", "record_key"), name="not_same_once")]

    def __str__(self) -> str:
        return f"{self.register} : paire différente"
