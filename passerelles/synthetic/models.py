"""What a base already holds of a fictitious population: which run, which chunks, which indexes are set aside."""

from __future__ import annotations

from django.db import models

from passerelles.core.models import Record, retention


class Run(Record):
    """The one run of a base: the same parameters give the same base, other parameters are refused."""

    seed = models.BigIntegerField("graine")
    version = models.CharField("version du générateur", max_length=20)
    size = models.CharField("taille", max_length=12)
    first_year = models.PositiveSmallIntegerField("première année")
    last_year = models.PositiveSmallIntegerField("dernière année")
    territory = models.CharField("territoire", max_length=20, blank=True)
    horizon = models.DateField("rien n’est connu après le")
    finished_at = models.DateTimeField("terminé le", null=True)

    retention = retention(keep="seed version size first_year last_year territory horizon finished_at")

    class Meta:
        verbose_name = "population fictive"
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"{self.size}, {self.first_year}-{self.last_year}, graine {self.seed}"


class StoredChunk(models.Model):
    """A chunk is in the base: written in the transaction of its rows, so that a killed run knows where it was."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks")
    department = models.CharField("département", max_length=3)
    year = models.PositiveSmallIntegerField("année")
    people = models.PositiveIntegerField("personnes")
    facts = models.PositiveIntegerField("faits")

    retention = retention(keep="run department year people facts")

    class Meta:
        verbose_name = "lot de population fictive"
        ordering = ("department", "year")
        constraints = [models.UniqueConstraint(fields=("run", "department", "year"), name="chunk_stored_once")]

    def __str__(self) -> str:
        return f"{self.department}, {self.year}"


class IndexSetAside(models.Model):
    """An index dropped while a national population is written; its definition, to build it again."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField("nom", max_length=63, unique=True)
    definition = models.TextField("définition")

    retention = retention(keep="name definition")

    class Meta:
        verbose_name = "index mis de côté"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
