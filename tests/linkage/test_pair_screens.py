"""The queue of pairs of records, a pair side by side, the link seen on the file and taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.journal.models import Access
from passerelles.linkage.models import PersonPair
from passerelles.linkage.queries import records_sharing
from passerelles.linkage.services import find_doubles
from passerelles.people import services as people
from tests.browsing import sign_in

TWICE = {"family_name": "Rakotomalala", "given_names": "Voahangy", "birth_date": dt.date(1988, 7, 23), "sex": "F"}

FAMILIES = ("Rakotomalala", "Petrosyan", "Szczepanski", "Oyelaran", "Tchernenko", "Wickramasinghe")


def asked(world, count=1, **changes):
    """`count` pairs of DT Metz, each of one person recorded twice."""
    for n in range(count):
        born = dt.date(1970 + n, 7, 23)
        made = [
            world.person(**TWICE | {"birth_date": born, "given_names": name} | changes)
            for name in ("Voahangy", "Voahangi")
        ]
        find_doubles([each.pk for each in made])
    return list(PersonPair.objects.order_by("-bits", "pk"))


@pytest.mark.parametrize(
    ("short", "status", "seen"),
    [
        ("auditor", 200, True),
        ("manager", 200, True),
        ("cip", 200, False),
        ("auditor_elsewhere", 200, False),
        ("ft", 403, False),
        ("agir", 403, False),
        ("region", 403, False),
        ("admin", 403, False),
        ("tester", 403, False),
    ],
)
def test_the_queue_and_the_pair_exist_for_those_who_follow_both_persons(client, world, short, status, seen):
    pair = asked(world)[0]
    visitor = sign_in(client, world, short)
    queue = visitor.get(reverse("linkage:pairs"))
    assert queue.status_code == status
    assert (str(pair.first) in queue.content.decode()) is seen
    closed = 404 if status == 200 else 403
    for name, values in (("pair", {"decision": "same"}), ("unlink", {"why": "x", "then": "waiting"}), ("reopen", {})):
        answer = visitor.post(reverse(f"linkage:{name}", args=[pair.pk]), values)
        assert answer.status_code == (302 if seen else closed)
    assert visitor.get(reverse("linkage:pair", args=[pair.pk])).status_code == (200 if seen else closed)


def test_an_answer_leads_to_the_next_pair_and_shows_on_both_files(client, world):
    first, second = asked(world, 2)
    visitor = sign_in(client, world, "auditor")
    file = visitor.get(reverse("web:person", args=[first.first_id])).content.decode()
    assert "Une autre fiche lui ressemble" in file
    answer = visitor.post(reverse("linkage:pair", args=[first.pk]), {"decision": "same", "why": "titre vu"})
    assert answer.url == reverse("linkage:pair", args=[second.pk])
    for pk, other in ((first.first_id, first.second), (first.second_id, first.first)):
        file = visitor.get(reverse("web:person", args=[pk])).content.decode()
        assert "Autres fiches de la même personne" in file
        assert str(other) in file
    page = visitor.get(reverse("linkage:pair", args=[first.pk])).content.decode()
    assert "Agent auditor : A relié les deux fiches" in page
    assert "titre vu" in page


def test_unlinking_asks_why_and_gives_the_files_back(client, world):
    pair = asked(world)[0]
    visitor = sign_in(client, world, "auditor")
    before = visitor.get(reverse("web:person", args=[pair.first_id])).content.decode()
    visitor.post(reverse("linkage:pair", args=[pair.pk]), {"decision": "same"})
    visitor.post(reverse("linkage:unlink", args=[pair.pk]), {"why": "", "then": "different"})
    assert records_sharing([pair.first_id])
    visitor.post(reverse("linkage:unlink", args=[pair.pk]), {"why": "deux sœurs", "then": "waiting"})
    assert not records_sharing([pair.first_id])
    after = visitor.get(reverse("web:person", args=[pair.first_id])).content.decode()
    assert shown(after) == shown(before)


def shown(html: str) -> str:
    """The page below its messages, without the token of the form."""
    return html.partition("<h1>")[2].partition("csrfmiddlewaretoken")[0]


def test_protection_shows_that_a_colleague_is_awaited(client, world):
    pair = asked(world, motive="ASILE")[0]
    mine = sign_in(client, world, "auditor")
    address = reverse("linkage:pair", args=[pair.pk])
    assert "une des fiches dit une protection internationale" in mine.get(address).content.decode()
    mine.post(address, {"decision": "same"})
    text = mine.get(address).content.decode()
    assert "Un collègue doit confirmer" in text
    assert "Confirmer : même personne" not in text
    text = sign_in(client, world, "manager").get(address).content.decode()
    assert "votre avis est le second" in text
    assert "Confirmer : même personne" in text


def test_two_records_that_nobody_brought_together_are_compared_on_demand(client, world):
    one, other = world.person(**TWICE), world.person(family_name="Petrosyan", given_names="Armen")
    visitor = sign_in(client, world, "auditor")
    answer = visitor.post(reverse("linkage:compare"), {"person": [one.pk, other.pk]})
    pair = PersonPair.objects.get()
    assert answer.url == reverse("linkage:pair", args=[pair.pk])
    assert visitor.post(reverse("linkage:compare"), {"person": [one.pk]}).status_code == 302
    assert PersonPair.objects.count() == 1


def test_the_log_says_who_compared_whom(client, world):
    pair = asked(world)[0]
    sign_in(client, world, "auditor").get(reverse("linkage:pair", args=[pair.pk]))
    noted = Access.objects.filter(actor_id=world.auditor.agent_id).first()
    assert (set(noted.people), noted.purpose) == ({pair.first_id, pair.second_id}, "fiches comparées")


def test_numbers_are_compared_and_never_shown(client, world):
    one = world.person(**TWICE, identifiers={"agdref": "9999999999"})
    other = world.person(**TWICE, identifiers={"agdref": "9999999999"})
    find_doubles([one.pk, other.pk])
    page = sign_in(client, world, "auditor").get(reverse("linkage:pair", args=[PersonPair.objects.get().pk]))
    assert "Même numéro étranger : +" in page.content.decode()
    assert "9999999999" not in page.content.decode()


def test_the_number_of_queries_does_not_depend_on_what_there_is(client, world, django_assert_max_num_queries):
    pair = asked(world)[0]
    visitor = sign_in(client, world, "auditor")
    counts = []
    for _ in range(2):
        for name, args in (("pairs", []), ("pair", [pair.pk])):
            with CaptureQueriesContext(connection) as captured:
                visitor.get(reverse(f"linkage:{name}", args=args))
            counts.append(len(captured))
        asked(world, 4)
        people.register(world.cip, pair.first, starts_on=world.day, by="cip", place="pfa") if len(counts) == 2 else None
    assert counts[:2] == counts[2:]
    assert max(counts) <= 30
