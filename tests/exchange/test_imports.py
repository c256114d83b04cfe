"""An import from the file to the tables: dry run, chunks, kill and resume, rejects, remembered columns."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from passerelles.core.errors import Impossible, Refused
from passerelles.exchange import services
from passerelles.exchange.models import Import, RememberedMapping
from passerelles.exchange.readers.rejects import write_rejects
from passerelles.journal.models import Fact
from passerelles.linkage.models import Check, ExternalRecord
from passerelles.people.models import Person
from passerelles.reception.models import Convocation
from tests.exchange.files import family, messy, people, workbook


@pytest.fixture
def tomorrow(world):
    return world.day + dt.timedelta(days=1)


def receive(world, content, kind="convocations", name="liste.xlsx", **values):
    return services.receive(world.auditor, kind=kind, dt=world.dt_metz, filename=name, content=content, **values)


def imported(world, content, **values):
    received = receive(world, content, **values)
    services.check(world.auditor, received.pk)
    return services.apply(world.auditor, received.pk)


def test_a_messy_file_of_fourteen_lines_has_two_rejected(world, tomorrow):
    received = receive(world, messy(tomorrow))
    checked = services.check(world.auditor, received.pk)
    assert (checked.total_rows, checked.accepted_rows, checked.rejected_rows) == (14, 12, 2)
    assert not Person.objects.exists(), "a dry run writes no person"
    done = services.apply(world.auditor, received.pk)
    assert done.status == "done"
    assert Convocation.objects.count() == 12
    assert Person.objects.get(family_name="EL AMRANI").phone == "+33612345678"
    assert set(Person.objects.values_list("direction", flat=True)) == {"metz"}


def test_the_rejects_file_says_why_in_the_layout_of_the_file(world, tomorrow):
    done = imported(world, messy(tomorrow))
    out = io.BytesIO()
    write_rejects(services.headers_of(done), services.rejected_lines(done), out)
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active
    lines = list(sheet.iter_rows(values_only=True))
    assert len(lines) == 3
    assert lines[0][1] == "NOM"
    assert {line[2] for line in lines[1:]} == {"Rahim", "Sans nom"}
    assert all(line[-1] for line in lines[1:]), "every reject has its remedy"


def test_the_same_file_twice_gives_the_first_import_back(world, tomorrow):
    content = messy(tomorrow)
    first = imported(world, content)
    facts = Fact.objects.count()
    assert receive(world, content) == first
    assert (Import.objects.count(), Fact.objects.count()) == (1, facts)


def test_an_overlapping_file_adds_only_what_is_new(world, tomorrow):
    imported(world, workbook(people(tomorrow, 6)))
    done = imported(world, workbook(people(tomorrow, 6, first=4)))
    assert done.summary == {"unchanged": 3, "created": 3}
    assert Convocation.objects.count() == 9


def test_an_import_stopped_between_two_chunks_goes_on_where_it_was(world, tomorrow, monkeypatch):
    monkeypatch.setattr(services, "CHUNK", 5)
    received = receive(world, workbook(people(tomorrow, 18)))
    services.check(world.auditor, received.pk)

    class Killed(Exception):
        pass

    def stop_after_ten(done, total):
        if done >= 10:
            raise Killed

    with pytest.raises(Killed):
        services.apply(world.auditor, received.pk, stop_after_ten)
    received.refresh_from_db()
    assert (received.applied_rows, Convocation.objects.count()) == (10, 10)
    done = services.apply(world.auditor, received.pk)
    assert (done.status, done.applied_rows, Convocation.objects.count()) == ("done", 18, 18)
    assert done.summary == {"created": 18}
    assert services.apply(world.auditor, received.pk).summary == {"created": 18}


def test_an_unreadable_file_is_refused_with_a_sentence(world):
    received = receive(world, b"%PDF-1.7 rien", name="liste.pdf")
    checked = services.check(world.auditor, received.pk)
    assert checked.status == "refused"
    assert checked.refusal
    with pytest.raises(Impossible):
        services.apply(world.auditor, received.pk)


def test_columns_chosen_once_are_proposed_to_the_organisation(world, tomorrow):
    headers = ["Réf", "Identité A", "Identité B", "Naissance", "G", "Pays", "T", "Quand", "H"]
    received = receive(world, workbook(people(tomorrow, 2), headers=headers))
    chosen = {
        "family_name": "Identité A",
        "given_names": "Identité B",
        "birth_date": "Naissance",
        "sex": "G",
        "session_date": "Quand",
    }
    services.choose_columns(world.auditor, received.pk, chosen)
    assert services.check(world.auditor, received.pk).accepted_rows == 2
    assert RememberedMapping.objects.get().organisation == world.dt_metz
    again = receive(world, workbook(people(tomorrow, 2, first=9), headers=headers))
    assert again.mapping == chosen


def test_a_list_of_france_travail_answers_for_the_people_expected(world, tomorrow):
    imported(world, workbook(people(tomorrow, 3)))
    lines = [[f"{n:010d}", family(n), "Laila", dt.date(1988, 3, 1 + n % 28), "F"] for n in (1, 2)]
    lines[1][0] = "9999999999"
    headers = ["N° étranger", "Nom", "Prénom", "Date de naissance", "Sexe"]
    imported(world, workbook(lines, headers=headers), kind="france-travail")
    assert ExternalRecord.objects.count() == 2
    answers = {c.person.family_name: c.result for c in Check.objects.select_related("person")}
    assert answers == {family(1): "registered", family(2): "to_review", family(3): "not_found"}


def test_only_the_roles_of_the_table_import(world, tomorrow):
    content = workbook(people(tomorrow, 1))
    for actor in (world.ft, world.region, world.admin, world.auditor_elsewhere):
        with pytest.raises(Refused):
            services.receive(actor, kind="convocations", dt=world.dt_metz, filename="x.xlsx", content=content)


def test_a_file_over_the_limit_is_refused(world, settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    with pytest.raises(Impossible, match="dépasse"):
        receive(world, b"x" * 11)


def test_a_reject_under_a_merged_date_comes_back_with_its_date(world, tomorrow):
    rows = people(tomorrow, 3)
    rows[1][7], rows[1][8] = "", ""
    rows[1][3] = "31/02/1990"
    done = imported(world, workbook(rows))
    ((raw, reason, remedy),) = services.rejected_lines(done)
    assert raw[7] == f"{tomorrow:%d/%m/%Y}"
    assert raw[8]
    assert reason
    assert remedy
