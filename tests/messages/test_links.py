"""Signed links: what opens, what no longer opens, what never opened (replay, expiry, tampering, guessing)."""

from __future__ import annotations

import base64
import datetime as dt
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from passerelles.core import clock
from passerelles.core.errors import UserError
from passerelles.journal.models import Access
from passerelles.messages.models import Link, LinkPurpose, LinkUse, Message
from passerelles.messages.services import links, tell_organisation

PAGE, ANSWER = LinkPurpose.PERSON_PAGE, LinkPurpose.PARTNER_ANSWER


@pytest.fixture
def person(world):
    return world.person(language="ara", phone="+33612345678")


@pytest.fixture
def answer_link(world, person) -> Link:
    return links.partner_link(world.auditor, subject_id=uuid.uuid4(), person_id=person.pk, organisation=world.agency)


@pytest.mark.django_db
def test_a_link_opens_its_page_and_is_made_once(world, person):
    link = links.person_link(world.auditor, person.pk)
    assert links.person_link(world.cip, person.pk) == link
    assert links.find(links.token_of(link), PAGE) == link
    assert Access.objects.filter(people__contains=[person.pk], purpose__contains=str(link.pk)).count() == 1


@pytest.mark.django_db
def test_neither_the_database_nor_the_address_gives_the_token_or_the_person_away(world, person):
    link = links.person_link(world.auditor, person.pk)
    token = links.token_of(link)
    assert len(token) == links.TOKEN_LENGTH
    assert token.encode() not in bytes(link.token_hash)
    raw = base64.urlsafe_b64decode(f"{token[:22]}==") + base64.urlsafe_b64decode(token[22:])
    assert person.pk.bytes not in raw
    assert person.family_name not in links.address_of(link)


@pytest.mark.django_db
def test_every_altered_token_is_refused_without_asking_the_database(world, person):
    token = links.token_of(links.person_link(world.auditor, person.pk))
    altered = {
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))
    }
    altered |= {"", token[:-1], f"{token}A", token.lower(), token.swapcase(), f"{token[:-1]}é", "\0" * len(token)}
    with CaptureQueriesContext(connection) as queries:
        for forged in altered - {token}:
            with pytest.raises(links.DeadLink):
                links.find(forged, PAGE)
    assert len(queries) == 0


@pytest.mark.django_db
def test_guessing_never_finds_a_link(world, person, settings):
    link = links.person_link(world.auditor, person.pk)
    token = links.token_of(link)
    for _ in range(200):
        guess = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=") + token[22:]
        with pytest.raises(links.DeadLink):
            links.find(guess, PAGE)
    settings.SECRET_KEY = "another key of the same length, made for this test alone"
    with pytest.raises(links.DeadLink):
        links.find(token, PAGE)


@pytest.mark.django_db
def test_an_expired_a_revoked_and_an_unknown_link_give_the_same_answer(world, person):
    link = links.person_link(world.auditor, person.pk)
    token = links.token_of(link)
    with clock.at(link.expires_at), pytest.raises(links.DeadLink) as expired:
        links.find(token, PAGE)
    links.revoke(world.auditor, link, reason="perdu")
    with pytest.raises(links.DeadLink) as revoked:
        links.find(token, PAGE)
    Link.objects.all().delete()
    with pytest.raises(links.DeadLink) as unknown:
        links.find(token, PAGE)
    assert str(expired.value) == str(revoked.value) == str(unknown.value)


@pytest.mark.django_db
def test_a_link_opens_one_thing(world, person, answer_link):
    with pytest.raises(links.DeadLink):
        links.find(links.token_of(answer_link), PAGE)
    with pytest.raises(links.DeadLink):
        links.find(links.token_of(links.person_link(world.auditor, person.pk)), ANSWER)


@pytest.mark.django_db
def test_the_link_of_a_mailbox_that_changed_or_of_a_closed_organisation_is_dead(world, answer_link):
    token = links.token_of(answer_link)
    assert links.find(token, ANSWER).organisation == world.agency
    world.agency.mailbox = "nouvelle-boite@exemple.example"
    world.agency.save()
    with pytest.raises(links.DeadLink):
        links.find(token, ANSWER)
    world.agency.mailbox, world.agency.closed_on = answer_link.mailbox, world.day
    world.agency.save()
    with pytest.raises(links.DeadLink):
        links.find(token, ANSWER)


@pytest.mark.django_db
def test_an_organisation_without_mailbox_gets_no_link(world, person):
    world.agency.mailbox = ""
    with pytest.raises(UserError, match="n’a pas de boîte fonctionnelle"):
        links.partner_link(world.auditor, subject_id=uuid.uuid4(), person_id=person.pk, organisation=world.agency)
    with transaction.atomic():
        assert (
            tell_organisation(
                world.auditor, world.agency, key="x", kind="x", subject="x", lines=["x"], person_id=person.pk
            )
            is None
        )


@pytest.mark.django_db
def test_an_answer_is_traced_and_the_first_one_dated(world, answer_link):
    links.note_use(answer_link, "accept")
    with clock.at(clock.now() + dt.timedelta(hours=1)):
        links.note_use(answer_link, "attended")
    answer_link.refresh_from_db()
    assert answer_link.used_at == LinkUse.objects.first().created_at
    assert list(LinkUse.objects.values_list("action", flat=True)) == ["accept", "attended"]


@pytest.mark.django_db
def test_the_kept_message_does_not_hold_the_token(world, person):
    subject = uuid.uuid4()
    with transaction.atomic():
        message = tell_organisation(
            world.auditor,
            world.agency,
            key="demande",
            kind="referral",
            subject="Passerelles : une personne vous est adressée",
            lines=["Une personne vous est adressée."],
            person_id=person.pk,
            answer_about=subject,
        )
    assert message.link.subject_id == subject
    assert links.token_of(message.link) not in Message.objects.get().body
    assert person.family_name not in message.body + message.subject
    assert links.revoke_for(world.auditor, subject, ANSWER, reason="retiré") == 1
    assert links.revoke_for(world.auditor, subject, ANSWER, reason="retiré") == 0
