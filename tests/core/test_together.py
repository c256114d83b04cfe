"""Several lists in one query: the same instances as one by one, values of every kind included."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from passerelles.core import clock
from passerelles.core.together import read_together
from passerelles.network.models import Membership, Organisation
from passerelles.people.models import Assessment, Identifier, Person
from passerelles.people.services import record_assessment
from passerelles.reception.models import Session
from passerelles.reception.services import interviews


def columns(instance) -> dict[str, object]:
    return {
        field.attname: bytes(value) if isinstance(value := getattr(instance, field.attname), memoryview) else value
        for field in instance._meta.concrete_fields
    }


@pytest.fixture
def person(world):
    found = world.person(identifiers={"agdref": "9912345678"}, postcode="57000")
    for day in (3, 1, 2):
        record_assessment(world.auditor, found, assessed_on=dt.date(2026, 2, day), written="A1", oral="A1.1")
    return found


def test_each_list_is_what_the_queryset_gives(world, person, django_assert_num_queries):
    interview = interviews.start_interview(world.cip, world.convoked(world.session())[0].pk)
    lists = {
        "people": Person.objects.filter(pk=person.pk),
        "levels": person.assessments.order_by("-assessed_on"),
        "first": person.assessments.order_by("assessed_on")[:1],
        "identifiers": person.identifiers.order_by("kind"),
        "interviews": type(interview).objects.filter(pk=interview.pk),
        "organisations": Organisation.objects.order_by("name", "pk"),
    }
    with django_assert_num_queries(1):
        found = read_together(lists)
    for name, queryset in lists.items():
        assert [columns(each) for each in found[name]] == [columns(each) for each in queryset], name
    assert found["identifiers"][0].value == "9912345678"
    assert [each.assessed_on.day for each in found["levels"]] == [3, 2, 1]


def test_related_rows_and_annotations_come_with_them(world, django_assert_num_queries):
    rows = Membership.objects.select_related("agent", "organisation").annotate(town=F("organisation__department_code"))
    lists = {"memberships": rows.order_by("pk")}
    with django_assert_num_queries(1):
        found = read_together(lists)["memberships"]
        told = [(each.agent.name, each.organisation.name, each.town) for each in found]
    assert told == [(each.agent.name, each.organisation.name, each.town) for each in lists["memberships"]]


def test_ranges_are_refused_and_annotations_keep_their_type(world):
    with pytest.raises(ValueError, match="a range"):
        read_together({"sessions": Session.objects.all()})
    rows = Membership.objects.annotate(day=F("starts_on"), who=F("agent_id")).order_by("pk")
    found = read_together({"memberships": rows})["memberships"]
    assert [(each.day, each.who) for each in found] == [(each.starts_on, each.agent_id) for each in rows]


def test_a_relation_without_a_row_is_none(world):
    record_assessment(world.auditor, world.person(), assessed_on=clock.today(), written="A1", oral="A1")
    (found,) = read_together({"levels": Assessment.objects.select_related("provider")})["levels"]
    assert found.provider is None


def test_what_can_only_be_empty_costs_nothing(world, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read_together({"none": Person.objects.none(), "few": Person.objects.filter(pk__in=[])}) == {
            "none": [],
            "few": [],
        }


@pytest.mark.parametrize(
    "queryset",
    [
        lambda: Identifier.objects.values("kind"),
        lambda: Identifier.objects.defer("sealed"),
        lambda: Identifier.objects.only("kind"),
        lambda: Identifier.objects.select_related(),
    ],
)
def test_half_rows_are_refused(db, queryset):
    with pytest.raises(ValueError, match="whole rows"):
        read_together({"identifiers": queryset()})
