"""Lists received from France Travail, RSA and AGIR, their lines, and what each person was found to be in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F

from passerelles.core import clock
from passerelles.core.models import Record, retention
from passerelles.linkage.arrays import Concatenated
from passerelles.network.models import Organisation
from passerelles.people.enums import Register
from passerelles.people.models import Person


def _text(length: int) -> models.CharField:
    return models.CharField(max_length=length, default="", blank=True, editable=False)


def _array(field: models.Field) -> ArrayField:
    return ArrayField(field, default=list, blank=True, editable=False)


class Prepared(models.Model):
    """A record as `engine.records.prepare` leaves it: what candidates are found by and what the weights compare.

    E-mail, telephone and identifiers are keyed hashes in hexadecimal: equal or not, never readable. `model` is the
    version that gave the rarities; a row of another version is prepared again before it is compared.
    """

    family = _text(120)
    birth = _text(120)
    given = _text(160)
    first = _text(160)
    family_tokens = _array(models.TextField())
    given_tokens = _array(models.TextField())
    family_keys = _array(models.BigIntegerField())
    birth_keys = _array(models.BigIntegerField())
    given_keys = _array(models.BigIntegerField())
    first_keys = _array(models.BigIntegerField())
    born = _text(10)
    born_md = _text(5)
    born_dm = _text(5)
    born_year = _text(4)
    born_next = _text(4)
    estimated = models.BooleanField(default=False, editable=False)
    sex = _text(1)
    country = _text(60)
    postcode = _text(5)
    department = _text(3)
    city = _text(120)
    address = _text(300)
    email = _text(32)
    phone = _text(32)
    agdref = _text(32)
    nir = _text(32)
    ft = _text(32)
    nir_unsettled = models.BooleanField(default=True, editable=False)
    family_bits = models.FloatField(default=0, editable=False)
    first_bits = models.FloatField(default=0, editable=False)
    family_keys_bits = models.FloatField(default=0, editable=False)
    first_keys_bits = models.FloatField(default=0, editable=False)
    postcode_bits = models.FloatField(default=0, editable=False)
    department_bits = models.FloatField(default=0, editable=False)
    address_bits = models.FloatField(default=0, editable=False)
    names_bits = models.FloatField(default=0, editable=False)
    names_keys_bits = models.FloatField(default=0, editable=False)
    blocks = _array(models.BigIntegerField())
    model = _text(40)

    class Meta:
        abstract = True


PREPARED = [field.name for field in Prepared._meta.local_fields]


NAME_KEYS = Concatenated("family_keys", "birth_keys", "given_keys")
"""Every phonetic key of every name of a record: what a look-up by name alone finds candidates with."""


class Profile(Prepared):
    """A person of the base, prepared. Absent or of another model: to be prepared before the next comparison."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    compared = models.BooleanField("comparé à la base", db_default=False, default=False, editable=False)
    """Were the other persons of the base searched for this one since the profile was prepared?"""

    retention = retention(
        keep="person estimated nir_unsettled model compared",
        erase=" ".join(set(PREPARED) - {"estimated", "nir_unsettled", "model"}),
    )

    class Meta:
        verbose_name = "profil de rapprochement"
        ordering = ("person",)
        indexes = [
            GinIndex(fields=("blocks",), name="profile_blocks", fastupdate=False),
            GinIndex(NAME_KEYS, name="profile_names", fastupdate=False),
            models.Index(fields=("person",), name="profile_to_compare", condition=models.Q(compared=False)),
        ]

    def __str__(self) -> str:
        return f"profil {self.person_id}"


class Stale(models.Model):
    """Persons whose profile no longer says what their record says. Filled by triggers: nothing can be forgotten."""

    person_id = models.UUIDField(primary_key=True)

    retention = {"person_id": "erase"}

    class Meta:
        ordering = ("person_id",)

    def __str__(self) -> str:
        return str(self.person_id)


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


class ExternalRecord(Record, Prepared):
    """One line of a list: the minimum that a comparison needs (K-004)."""

    list = models.ForeignKey(ExternalList, on_delete=models.CASCADE, related_name="records")
    family_name = models.CharField("nom", max_length=120)
    birth_name = models.CharField("nom de naissance", max_length=120, blank=True)
    given_names = models.CharField("prénoms", max_length=160)
    birth_date = models.DateField("date de naissance", null=True)
    since = models.DateField("depuis le", null=True)
    until = models.DateField("jusqu’au", null=True)
    line = models.PositiveIntegerField("ligne du fichier")
    sheet = models.CharField("feuille", max_length=100, blank=True)

    retention = retention(
        keep="list line sheet since until estimated nir_unsettled model",
        erase="family_name birth_name given_names birth_date "
        + " ".join(name for name in PREPARED if name not in {"estimated", "nir_unsettled", "model"}),
    )

    class Meta:
        verbose_name = "ligne de liste"
        ordering = ("list", "line", "id")
        constraints = [models.UniqueConstraint(fields=("list", "sheet", "line"), name="record_line_once")]
        indexes = [
            GinIndex(fields=("blocks",), name="record_blocks", fastupdate=False),
            models.Index(fields=("model",), name="record_model"),
        ]

    def __str__(self) -> str:
        return f"ligne {self.line}"


class CheckResult(models.TextChoices):
    """The answer of a check (C-018): known, not found, or for an agent to settle; ambiguous when several lines fit."""

    REGISTERED = "registered", "Connu"
    NOT_FOUND = "not_found", "Non trouvé"
    TO_REVIEW = "to_review", "À vérifier"
    AMBIGUOUS = "ambiguous", "Ambigu"


WAITING = (CheckResult.TO_REVIEW, CheckResult.AMBIGUOUS)
"""The answers that an agent has to settle."""
MOST_REASON = 700
MOST_WHY = 300


class Check(Record):
    """The standing answer for one person and one register, with its source, the date of the list and the reason.

    `asked`: the question that an agent settled, so that the decision can be undone (result, reason, bits, record;
    refused: keys of the lines judged different).
    `second`: what a first reader answered, while a second one is awaited (agent, instant, line, name of the line).
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="checks")
    register = models.CharField("registre", max_length=5, choices=Register.choices)
    result = models.CharField("résultat", max_length=12, choices=CheckResult.choices)
    list = models.ForeignKey(ExternalList, on_delete=models.SET_NULL, null=True, related_name="+")
    record = models.ForeignKey(ExternalRecord, on_delete=models.SET_NULL, null=True, related_name="+")
    source = models.CharField("source", max_length=200)
    as_of = models.DateField("date de la source")
    reason = models.CharField("motif", max_length=MOST_REASON)
    bits = models.FloatField("poids", null=True, editable=False)
    settled_by = models.UUIDField("tranché par", null=True)
    settled_at = models.DateTimeField("tranché le", null=True)
    asked = models.JSONField("question tranchée", null=True, editable=False)
    second = models.JSONField("second avis attendu", null=True, editable=False)

    retention = retention(
        keep="register result list as_of settled_at source bits",
        pseudonymise="person settled_by",
        erase="record reason asked second",
    )

    class Meta:
        verbose_name = "vérification"
        ordering = ("person", "register", "id")
        constraints = [models.UniqueConstraint(fields=("person", "register"), name="check_once")]
        indexes = [
            models.Index(
                fields=("result",), name="check_to_review", condition=models.Q(result__in=["to_review", "ambiguous"])
            )
        ]

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


class CreatedAnyway(Record):
    """A person recorded although others looked very much like them: why, and who they were (C-021)."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="created_anyway")
    reason = models.CharField("motif", max_length=200)
    alike = models.JSONField("personnes ressemblantes", default=list)
    created_by = models.UUIDField("créée par", null=True)

    retention = retention(keep="", pseudonymise="person created_by alike", erase="reason")

    class Meta:
        verbose_name = "création malgré une ressemblance"
        ordering = ("-created_at", "id")

    def __str__(self) -> str:
        return f"création malgré {len(self.alike)} ressemblance(s)"


class PairState(models.TextChoices):
    """Where the question "are these two records one person?" stands."""

    WAITING = "waiting", "À trancher"
    SECOND = "second", "Second avis attendu"
    SAME = "same", "Même personne"
    DIFFERENT = "different", "Personnes différentes"


OPEN_PAIRS = (PairState.WAITING, PairState.SECOND)
JUDGED_PAIRS = (PairState.SAME, PairState.DIFFERENT)


class PersonPair(Record):
    """Two records of the base that may be one person. `first` has the smaller identifier: a pair is asked once."""

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state = models.CharField("état", max_length=9, choices=PairState.choices, default=PairState.WAITING)
    bits = models.FloatField("poids", editable=False)
    reason = models.CharField("motif", max_length=MOST_REASON)

    retention = retention(keep="state bits", pseudonymise="first second", erase="reason")

    class Meta:
        verbose_name = "paire de fiches"
        ordering = ("-bits", "id")
        constraints = [
            models.UniqueConstraint(fields=("first", "second"), name="pair_once"),
            models.CheckConstraint(name="pair_in_order", condition=models.Q(first__lt=F("second"))),
        ]
        indexes = [
            models.Index(fields=("-bits", "id"), name="pair_open", condition=models.Q(state__in=["waiting", "second"])),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class PairVerb(models.TextChoices):
    """What a reader did with a pair."""

    PROPOSED = "proposed", "A répondu « même personne » et demandé un second avis"
    LINKED = "linked", "A relié les deux fiches"
    REFUSED = "refused", "A répondu « personnes différentes »"
    UNLINKED = "unlinked", "A délié les deux fiches"
    REOPENED = "reopened", "A posé la question de nouveau"


class PairDecision(models.Model):
    """One line of the history of a pair, in the order of `id`. Never changed, never taken away."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("le", default=clock.now)
    pair = models.ForeignKey(PersonPair, on_delete=models.CASCADE, related_name="decisions")
    verb = models.CharField("geste", max_length=8, choices=PairVerb.choices)
    decided_by = models.UUIDField("par", null=True)
    why = models.CharField("pourquoi", max_length=MOST_WHY, blank=True)
    direction = models.CharField("pour la direction territoriale", max_length=40, blank=True)
    """The DT for which one record was read, when the pair is between two; "" when both were."""

    retention = {
        "id": "keep",
        "at": "keep",
        "pair": "keep",
        "verb": "keep",
        "direction": "keep",
        "decided_by": "pseudonymise",
        "why": "erase",
    }

    class Meta:
        verbose_name = "décision sur une paire"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.get_verb_display()


class IdentityMember(models.Model):
    """The records that share one identity. Nothing of the records changes: taken away, they are as they were."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="identity")
    identity = models.UUIDField("identité", db_index=True)
    since = models.DateTimeField("depuis le", default=clock.now)

    retention = {"person": "pseudonymise", "identity": "pseudonymise", "since": "keep"}

    class Meta:
        verbose_name = "fiche reliée"
        ordering = ("identity", "person")

    def __str__(self) -> str:
        return str(self.identity)


class MonthlyWorth(Record):
    """What the answers of a month were worth in one DT, and whether its lists still look like those of the training.

    Counts only: `content` holds no person. Written once a month by the worker, again when it is asked.
    """

    month = models.DateField("mois")
    direction = models.CharField("direction territoriale", max_length=40)
    model = models.CharField("modèle", max_length=40)
    content = models.JSONField("contenu", default=dict)

    retention = retention(keep="month direction model content")

    class Meta:
        verbose_name = "bilan mensuel du rapprochement"
        ordering = ("-month", "direction", "id")
        constraints = [models.UniqueConstraint(fields=("month", "direction"), name="worth_once")]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"
