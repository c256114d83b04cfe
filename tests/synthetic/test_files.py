"""The same stream as files: partitioned, the truth apart, taken up where it was, equal to what the base holds."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from passerelles.core.errors import Refused
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.people.models import Person
from passerelles.synthetic.chunks import Order
from passerelles.synthetic.frames import NETWORK_SCHEMAS, SCHEMAS
from passerelles.synthetic.population import Size
from passerelles.synthetic.services import files, store

ORDER = Order(57, Size.DEMO, 2026, 2026, dt.date(2026, 11, 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("flux") / "parquet"
    files.to_files(ORDER, made, "parquet")
    return made


def frame(folder: Path, name: str) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(path) for path in sorted((folder / name).rglob("*.parquet"))])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_folder_per_frame_partitioned_by_department_and_year(folder):
    partitions = {f"department={department}/year={year}" for department, year, _ in ORDER.chunks()}
    for name in {*SCHEMAS, "truth", "facts"}:
        there = {str(path.parent.relative_to(folder / name)) for path in (folder / name).rglob("*.parquet")}
        assert there == partitions, name
    assert all((folder / f"{name}.parquet").exists() for name in NETWORK_SCHEMAS)
    assert dict(frame(folder, "people").schema) == SCHEMAS["people"]


def test_the_lists_do_not_say_whose_line_is_whose_and_the_truth_does(folder):
    records, truth = frame(folder, "records"), frame(folder, "truth")
    assert "person" not in records.columns
    assert truth.columns == ["list", "record", "person"]
    assert records.join(truth, on=["list", "record"], how="full").height == records.height == truth.height
    known = truth.drop_nulls("person")["person"]
    assert 0 < known.n_unique() <= frame(folder, "people").height
    assert truth["person"].null_count() > 0, "there are strangers too"


def test_what_was_interrupted_is_taken_up_and_gives_the_same_bytes(folder, tmp_path):
    whole = contents(folder)
    again = tmp_path / "encore"
    files.to_files(ORDER, again, "parquet")
    (again / "chunks" / "57-2026.json").unlink()
    (again / "people" / "department=57" / "year=2026" / "part.parquet").write_bytes(b"coup")
    assert files.to_files(ORDER, again, "parquet").written_now == 1
    assert contents(again) == whole


def test_another_run_or_a_folder_in_use_is_refused(folder, tmp_path):
    other = Order(58, Size.DEMO, 2026, 2026, ORDER.horizon)
    with pytest.raises(Refused, match="seed 57"):
        files.to_files(other, folder, "parquet")
    with pytest.raises(Refused, match="format parquet"):
        files.to_files(ORDER, folder, "csv")
    (tmp_path / "notes.txt").write_text("à garder")
    with pytest.raises(Refused, match="n’est pas vide"):
        files.to_files(ORDER, tmp_path, "parquet")
    assert (tmp_path / "notes.txt").read_text() == "à garder"


def test_the_csv_says_the_same(folder, tmp_path):
    files.to_files(ORDER, tmp_path / "csv", "csv")
    for name in ("people", "convocations", "events"):
        parts = sorted((tmp_path / "csv" / name).rglob("*.csv"))
        read = pl.concat([pl.read_csv(path, infer_schema=False) for path in parts])
        wanted = frame(folder, name)
        assert read.columns == wanted.columns
        assert read.height == wanted.height
        key = wanted.columns[1]
        assert read[key].to_list() == wanted[key].cast(pl.String).to_list()


def test_the_base_holds_the_people_and_the_facts_of_the_files(folder, transactional_db):
    stored = store.to_database(ORDER)
    people, journal = frame(folder, "people"), frame(folder, "facts")
    assert {str(pk) for pk in Person.objects.values_list("pk", flat=True)} == set(people["id"])
    assert stored.facts == journal.height
    columns = ("kind", "person_id", "subject_id", "actor_id", "occurred_on", "recorded_at")
    lists_checked = {"kind": "checked", "actor_id": None}
    wanted = sorted(zip(*(journal[c].cast(pl.String).to_list() for c in columns[:5]), strict=True), key=str)
    of_network = Fact.objects.filter(kind__in=[FactKind.REFERENT_NAMED, FactKind.REFERENT_ENDED])
    referents = pl.read_parquet(folder / "referents.parquet")
    assert of_network.count() == referents.height + referents["ends_on"].count()
    told = Fact.objects.exclude(**lists_checked).exclude(pk__in=of_network).values_list(*columns[:5])
    assert sorted((tuple(None if v is None else str(v) for v in row) for row in told), key=str) == wanted
    some = journal.filter(pl.col("kind") == "person_recorded").row(0, named=True)
    known = Fact.objects.get(kind="person_recorded", person_id=some["person_id"])
    assert (known.recorded_at, known.data) == (some["recorded_at"], json.loads(some["data"]))
