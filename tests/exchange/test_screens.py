"""The screens of the files: drop, columns, dry run, import, rejects, models; and who may see them."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from passerelles.exchange import services
from passerelles.exchange.models import FileKind, Import
from passerelles.people.models import Person
from tests.browsing import sign_in
from tests.exchange.files import messy, people, workbook


def drop(client, world, content, name="liste.xlsx", kind="convocations"):
    upload = SimpleUploadedFile(name, content)
    form = {"kind": kind, "dt": world.dt_metz.pk, "as_of": f"{world.day}", "file": upload}
    return client.post(reverse("exchange:upload"), form)


def confirm_columns(client, address):
    page = client.get(address)
    form = {
        f"column_{name}": page.context["form"].fields[f"column_{name}"].initial for name in page.context["form"].columns
    }
    return client.post(address, form | {"remember": "on"})


def test_a_file_goes_from_the_drop_to_the_session_without_javascript(client, world):
    sign_in(client, world, "cip")
    answer = drop(client, world, messy(world.day + dt.timedelta(days=1)))
    received = Import.objects.get()
    assert answer.url == reverse("exchange:columns", args=[received.pk])
    answer = confirm_columns(client, answer.url)
    page = client.get(answer.url)
    assert "12 ligne(s) prête(s), 2 rejetée(s)" in page.content.decode()
    assert "31/02/1990" in page.content.decode()
    assert not Person.objects.exists()
    client.post(reverse("exchange:start", args=[received.pk]))
    page = client.get(answer.url)
    assert "12 nouvelles" in page.content.decode()
    assert Person.objects.count() == 12


def test_the_rejects_come_back_and_once_corrected_are_accepted(client, world):
    sign_in(client, world, "auditor")
    drop(client, world, messy(world.day + dt.timedelta(days=1)))
    received = Import.objects.get()
    confirm_columns(client, reverse("exchange:columns", args=[received.pk]))
    answer = client.get(reverse("exchange:rejects", args=[received.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, columns["NOM"]).value = "Ahmadi"
        sheet.cell(line, columns["Né(e) le"]).value = "28/02/1990"
    out = io.BytesIO()
    book.save(out)
    again = services.receive(
        world.auditor, kind="convocations", dt=world.dt_metz, filename="corrige.xlsx", content=out.getvalue()
    )
    assert services.check(world.auditor, again.pk).accepted_rows == 2


@pytest.mark.parametrize("kind", FileKind.values)
def test_each_model_can_be_downloaded(client, world, kind):
    sign_in(client, world, "auditor")
    answer = client.get(reverse("exchange:template", args=[kind]))
    assert openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).sheetnames


def test_a_file_that_cannot_be_read_is_told_on_the_spot(client, world):
    sign_in(client, world, "auditor")
    answer = drop(client, world, b"%PDF-1.7", name="scan.pdf")
    page = client.get(answer.url)
    assert page.status_code == 422
    assert "n’a pas pu être lu" in page.content.decode()


def test_a_list_dated_tomorrow_is_refused(client, world):
    sign_in(client, world, "auditor")
    upload = SimpleUploadedFile("x.csv", b"a;b")
    tomorrow = world.day + dt.timedelta(days=1)
    form = {"kind": "rsa", "dt": world.dt_metz.pk, "as_of": f"{tomorrow}", "file": upload}
    answer = client.post(reverse("exchange:upload"), form)
    assert answer.status_code == 400
    assert "dans le futur" in answer.content.decode()


def test_who_may_see_a_file(client, world):
    received = services.receive(
        world.auditor, kind="convocations", dt=world.dt_metz, filename="x.xlsx", content=workbook(people(world.day, 1))
    )
    services.check(world.auditor, received.pk)
    address = reverse("exchange:import", args=[received.pk])
    expected = {"cip": 200, "auditor": 200, "manager": 200, "auditor_elsewhere": 404, "cip_elsewhere": 404}
    expected |= {"ft": 403, "region": 403, "admin": 403, "nation": 403, "department": 403}
    for short, status in expected.items():
        client.logout()
        sign_in(client, world, short)
        assert client.get(address).status_code == status, short
        assert client.get(reverse("exchange:rejects", args=[received.pk])).status_code == status, short
        started = client.post(reverse("exchange:start", args=[received.pk]))
        assert started.status_code == (302 if status == 200 else status)


def test_the_list_of_files_costs_the_same_whatever_its_length(client, world, django_assert_num_queries):
    sign_in(client, world, "auditor")

    def make(count):
        for number in range(count):
            services.receive(
                world.auditor, kind="rsa", dt=world.dt_metz, filename=f"{number}.csv", content=f"a;{number}".encode()
            )

    make(3)
    client.get(reverse("exchange:imports"))
    with django_assert_num_queries(6) as few:
        client.get(reverse("exchange:imports"))
    make(20)
    with django_assert_num_queries(len(few)):
        client.get(reverse("exchange:imports"))


def test_a_large_file_shows_how_far_it_is_then_what_to_do_next(client, world, monkeypatch):
    monkeypatch.setattr(services, "INLINE_BYTES", 0)
    monkeypatch.setattr(services, "INLINE_ROWS", 0)
    monkeypatch.setattr(services, "CHUNK", 5)
    sign_in(client, world, "auditor")
    drop(client, world, workbook(people(world.day + dt.timedelta(days=1), 12)))
    received = Import.objects.get()
    address = reverse("exchange:import", args=[received.pk])
    confirm_columns(client, reverse("exchange:columns", args=[received.pk]))
    htmx = {"HTTP_HX_REQUEST": "true"}

    def followed():
        return client.get(f"{address}?suivi=1", **htmx)

    assert "Contrôle en cours" in followed().content.decode()
    seen = []

    def look(done, total):
        seen.append(followed().content.decode())

    services.check(world.auditor, received.pk, look)
    assert ["5 lignes lues" in seen[0], "10 lignes lues" in seen[1]] == [True, True]
    assert followed().headers["HX-Refresh"] == "true"
    page = client.get(address).content.decode()
    assert "Importer les 12 lignes prêtes" in page
    client.post(reverse("exchange:start", args=[received.pk]))
    seen.clear()
    services.apply(world.auditor, received.pk, look)
    assert "5 lignes traitées sur 12" in seen[0]
    assert followed().headers["HX-Refresh"] == "true"
    assert "12 nouvelles" in client.get(address).content.decode()
