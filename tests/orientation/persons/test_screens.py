"""The diagnosis and the recommendation on screen: who may, what is shown, what is asked, what is kept."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from passerelles.core import clock
from passerelles.orientation import services
from passerelles.orientation.models import Decision, Review, Statement
from passerelles.orientation.queries import decision_of
from passerelles.parameters.services import decide as decide_parameter
from passerelles.people.services import give_consent
from passerelles.reception.services.appointments import fix_appointment
from tests.browsing import sign_in

SEEKER = {"emploi.situation": "none", "emploi.recherche": "cherche", "spe.dispense": "non"}


def address(name, person=None):
    return reverse(f"orientation-person:{name}", args=[person.pk] if person else [])


@pytest.fixture
def seeker(world, person):
    services.state(world.auditor, person.pk, SEEKER, source="personne", as_of=world.day)
    return person


@pytest.fixture
def referred(world, seeker):
    fix_appointment(
        world.cip,
        person=seeker,
        organisation=world.agency,
        session=seeker.convocations.get().session,
        fixed_for=clock.paris(world.day + dt.timedelta(days=5), 10),
    )
    return seeker


@pytest.fixture
def auditor(client, world):
    return sign_in(client, world, "auditor")


def answer(visitor, person, code, value, read="", **more):
    name = f"q-{code.replace('.', '-')}"
    told = {"code": code, name: value, f"lu-{name}": read} | more
    return visitor.post(address("answer", person), told)


def test_the_list_is_shown_with_its_reasons_texts_and_facts(auditor, seeker):
    text = auditor.get(address("orientation", seeker)).content.decode()
    for expected in ("France Travail", "Recommandé", "À préciser", "La recherche d&#x27;emploi : cherche un emploi"):
        assert expected in text
    assert "10/03/2026" in text


def test_each_question_is_asked_once_and_the_other_proposals_lead_to_it(auditor, person):
    page = auditor.get(address("orientation", person)).content.decode()
    forms = re.findall(r'id="(question-[^"]+)"', page)
    asked = [form.partition("-q-")[2] for form in forms]
    links = re.findall(r'href="#(question-[^"]+)"', page)
    assert len(asked) == len(set(asked)) > 5
    assert links and set(links) <= set(forms)


def test_a_question_answered_in_place_is_evaluated_at_once(world, auditor, person):
    before = auditor.get(address("orientation", person)).context["page"]
    assert "emploi.situation" in before.next_questions
    assert answer(auditor, person, "emploi.situation", "cdi").status_code == 302
    after = auditor.get(address("orientation", person)).context["page"]
    assert len(after.next_questions) < len(before.next_questions)
    stated = Statement.objects.get()
    assert (stated.value, stated.source, stated.by) == ("cdi", "personne", world.auditor.agent_id)


def test_with_htmx_the_list_alone_comes_back_and_the_next_question_has_the_focus(auditor, person):
    reply = auditor.post(
        address("answer", person),
        {"code": "emploi.situation", "q-emploi-situation": "none"},
        headers={"HX-Request": "true"},
    )
    text = reply.content.decode()
    assert reply.status_code == 200
    assert text.lstrip().startswith('<div id="orientation"')
    assert text.count(" autofocus") == 1


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("emploi.situation", "", "Choisissez une réponse"),
        ("emploi.situation", "patron", "patron"),
        ("sejour.titre_fin", "31/02/2026", "date"),
        ("langue.oral", "Z9", "Z9"),
    ],
)
def test_an_answer_that_cannot_be_read_is_told_beside_the_question(auditor, person, code, value, expected):
    reply = answer(auditor, person, code, value)
    assert reply.status_code == 400
    assert expected in reply.content.decode()
    assert not Statement.objects.exists()


def test_a_question_that_does_not_exist_is_not_found(auditor, person):
    assert answer(auditor, person, "age.du.capitaine", "oui").status_code == 404


def test_the_second_desk_is_told_who_answered_first(world, auditor, person):
    services.state(world.cip, person.pk, {"emploi.recherche": "cherche"}, source="personne", as_of=world.day)
    reply = answer(auditor, person, "emploi.recherche", "non")
    assert reply.status_code == 409
    assert "Agent cip a enregistré" in reply.content.decode()
    assert Statement.objects.get().value == "cherche"


def test_following_the_recommendation(world, auditor, seeker):
    page = auditor.get(address("orientation", seeker)).context["page"]
    wanted = [line.code for line in page.recommended]
    reply = auditor.post(address("decide", seeker), {"choix": wanted, "lue": ""})
    assert reply.status_code == 302
    assert decision_of(seeker).kind == "agreed"
    text = auditor.get(address("orientation", seeker)).content.decode()
    assert "Recommandation suivie" in text
    assert "Versions des règles" in text


def test_an_override_without_a_reason_keeps_what_was_ticked(auditor, seeker):
    reply = auditor.post(address("decide", seeker), {"choix": ["adie"], "lue": "", "motif": " "})
    text = reply.content.decode()
    assert reply.status_code == 400
    assert "demande un motif" in text
    assert re.search(r'value="adie"[^>]* checked', text)
    assert not Decision.objects.exists()


def test_an_override_and_its_trace(world, auditor, seeker):
    auditor.post(address("decide", seeker), {"choix": ["adie"], "lue": "", "motif": "Projet déjà financé"})
    text = auditor.get(address("orientation", seeker)).content.decode()
    for expected in ("Autre choix, motivé", "Projet déjà financé", "Agent auditor", "DT OFII Metz", "Faits utilisés"):
        assert expected in text


def test_two_desks_decide_at_once(world, auditor, seeker):
    services.decide(world.cip, seeker.pk, chosen=["adie"], reason="Projet")
    reply = auditor.post(address("decide", seeker), {"choix": [], "lue": "", "motif": "Autre"})
    assert reply.status_code == 409
    assert "Agent cip" in reply.content.decode()
    assert Decision.objects.count() == 1


def test_the_way_back_is_a_page_of_the_platform(auditor, seeker):
    reply = auditor.post(
        address("decide", seeker), {"choix": ["adie"], "motif": "x", "lue": "", "retour": "https://ailleurs.example/"}
    )
    assert reply.url == address("orientation", seeker)


# Who sees what (A.6).


@pytest.mark.parametrize(
    ("short", "orientation", "diagnosis", "changes"),
    [
        ("auditor", 200, 200, 200),
        ("manager", 200, 200, 200),
        ("cip", 200, 200, 200),
        ("ft", 200, 200, 403),
        ("ft_elsewhere", 404, 404, 403),
        ("auditor_elsewhere", 404, 404, 200),
        ("cip_elsewhere", 404, 404, 200),
        ("agir", 404, 404, 403),
        ("region", 403, 403, 403),
        ("department", 403, 403, 403),
        ("nation", 403, 403, 403),
        ("tester", 403, 403, 403),
        ("trainer", 403, 403, 403),
        ("employer", 403, 403, 403),
        ("admin", 403, 403, 403),
    ],
)
def test_each_role_opens_its_pages_and_no_other(client, world, referred, short, orientation, diagnosis, changes):
    visitor = sign_in(client, world, short)
    assert visitor.get(address("orientation", referred)).status_code == orientation
    assert visitor.get(address("diagnosis", referred)).status_code == diagnosis
    assert visitor.get(address("changes")).status_code == changes


@pytest.mark.parametrize("name", ["decide", "answer", "health-consent"])
@pytest.mark.parametrize("short", ["region", "tester", "employer", "cip_elsewhere"])
def test_nothing_is_written_from_elsewhere(client, world, referred, short, name):
    visitor = sign_in(client, world, short)
    reply = visitor.post(address(name, referred), {"choix": ["adie"], "motif": "x", "code": "emploi.recherche"})
    assert reply.status_code in {403, 404}
    assert not Decision.objects.exists()


def test_the_adviser_reads_the_decision_and_does_not_write_it(client, world, referred):
    services.decide(world.auditor, referred.pk, chosen=["adie"], reason="Projet")
    visitor = sign_in(client, world, "ft")
    text = visitor.get(address("orientation", referred)).content.decode()
    assert "Projet" in text
    assert "Enregistrer une nouvelle décision" not in text
    assert visitor.post(address("decide", referred), {"choix": ["adie"], "motif": "x"}).status_code == 403


def test_a_cip_neither_sees_nor_infers_the_status_of_disabled_worker(client, world, seeker):
    services.state(world.auditor, seeker.pk, {"handicap.boe": "oui"}, source="personne", as_of=world.day)
    services.decide(world.auditor, seeker.pk, chosen=["cap_emploi"], reason="Le plus à même")
    of_auditor = sign_in(client, world, "auditor").get(address("orientation", seeker))
    assert "cap_emploi" in {line.code for line in of_auditor.context["page"].recommended}
    assert "obligation d&#x27;emploi" in of_auditor.content.decode()
    page = sign_in(client, world, "cip").get(address("orientation", seeker))
    assert "cap_emploi" not in {line.code for line in page.context["page"].recommended}
    assert "handicap.boe" not in page.context["questions"]
    assert "L&#x27;obligation d&#x27;emploi : oui" not in page.content.decode()
    assert (
        "bligation d&#x27;emploi :"
        not in sign_in(client, world, "cip").get(address("diagnosis", seeker)).content.decode()
    )


def test_the_barrier_of_health_is_shown_to_the_adviser_only_with_the_agreement_of_the_person(client, world, referred):
    from passerelles.orientation.queries.diagnosis import short
    from passerelles.orientation.rules.diagnosis import ITEMS

    label = short(ITEMS["frein.sante"].label)
    assert label == "Santé"
    shown = '<legend class="fr-fieldset__legend fr-fieldset__legend--regular" id="d-q-frein-sante-legende">'
    assert shown not in sign_in(client, world, "ft").get(address("diagnosis", referred)).content.decode()
    give_consent(world.auditor, referred, purpose="health", given_on=world.day)
    assert shown in sign_in(client, world, "ft").get(address("diagnosis", referred)).content.decode()
    assert shown not in sign_in(client, world, "cip").get(address("diagnosis", referred)).content.decode()


# The diagnosis.


def fill(visitor, person, **typed):
    told = {"source": "personne", "as_of": "2026-03-10", "action": "enregistrer"}
    return visitor.post(address("diagnosis", person), told | {name.replace("__", "-"): v for name, v in typed.items()})


def test_what_is_known_elsewhere_is_shown_and_not_a_field(auditor, person):
    text = auditor.get(address("diagnosis", person)).content.decode()
    assert "Positionnement initial, le 02/03/2026" in text
    assert 'name="q-langue-oral"' not in text
    assert 'name="q-etudes-niveau"' in text


def test_a_whole_page_is_saved_once_each_item_dated_and_sourced(world, auditor, person):
    fill(
        auditor,
        person,
        q__etudes__niveau="secondaire_bac",
        q__frein__mobilite="fort",
        q__droits__ouverts=["caf", "compte_bancaire"],
        q__garde__enfants="2",
        q__sejour__titre_fin="2026-09-30",
        q__metier__recherches=["F1703", "H2913"],
        source="conseiller",
        as_of="2026-03-09",
    )
    stated = {row.code: row for row in Statement.objects.all()}
    assert {code: row.value for code, row in stated.items()} == {
        "etudes.niveau": "secondaire_bac",
        "frein.mobilite": "fort",
        "droits.ouverts": ["caf", "compte_bancaire"],
        "garde.enfants": 2,
        "sejour.titre_fin": "2026-09-30",
        "metier.recherches": ["F1703", "H2913"],
    }
    assert {(row.source, row.as_of) for row in stated.values()} == {("conseiller", dt.date(2026, 3, 9))}
    text = auditor.get(address("diagnosis", person)).content.decode()
    assert "Conseiller, le 09/03/2026, saisi par Agent auditor" in text
    assert "Maçon (F1703)" in text


def test_saving_again_without_a_change_writes_nothing_and_emptying_withdraws(auditor, person):
    fill(auditor, person, q__frein__mobilite="fort", q__droits__ouverts=["aucun"])
    page = auditor.get(address("diagnosis", person)).context["page"]
    read = {f"lu-q-{code.replace('.', '-')}": str(pk) for code, pk in page.read.items()}
    fill(auditor, person, q__frein__mobilite="fort", q__droits__ouverts=["aucun"], **read)
    assert Statement.objects.count() == 2
    fill(auditor, person, q__frein__mobilite="", q__droits__ouverts=["aucun"], **read)
    assert list(Statement.objects.filter(code="frein.mobilite").order_by("number").values_list("value", flat=True)) == [
        "fort",
        None,
    ]


def test_two_desks_fill_the_same_page(world, auditor, person):
    services.state(world.cip, person.pk, {"frein.mobilite": "moyen"}, source="personne", as_of=world.day)
    reply = fill(auditor, person, q__frein__mobilite="fort", q__etudes__niveau="secondaire_bac")
    text = reply.content.decode()
    assert reply.status_code == 409
    assert "Mobilité : enregistré « moyen », votre saisie « fort »" in text
    assert re.search(r'value="fort"[^>]* checked', text)
    assert Statement.objects.count() == 1
    read = str(Statement.objects.get().pk)
    assert f'name="lu-q-frein-mobilite" value="{read}"' in text
    assert fill(auditor, person, q__frein__mobilite="fort", **{"lu-q-frein-mobilite": read}).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        {"q-frein-mobilite": "énorme"},
        {"q-garde-enfants": "beaucoup"},
        {"q-garde-enfants": "-1"},
        {"q-sejour-titre_fin": "hier"},
        {"q-metier-recherches": ["Maçon"]},
        {"q-droits-ouverts": ["tous"]},
        {"as_of": "2027-01-01"},
        {"as_of": ""},
        {"source": "on dit"},
    ],
)
def test_a_mistake_saves_nothing_and_says_where(auditor, person, typed):
    reply = fill(auditor, person, **({"q-emploi-recherche": "cherche"} | typed))
    assert reply.status_code == 400
    assert "Rien n’est enregistré" in reply.content.decode()
    assert not Statement.objects.exists()


def test_an_item_of_another_role_posted_by_hand_is_ignored(client, world, person):
    fill(sign_in(client, world, "cip"), person, **{"q-frein-sante": "fort", "q-handicap-boe": "oui"})
    assert not Statement.objects.exists()


def test_an_occupation_is_found_in_spite_of_the_spelling(auditor, person):
    found = auditor.get(
        address("occupations"), {"element": "metier.recherches", "metier-q-metier-recherches": "plonbier"}
    )
    assert "Plombier chauffagiste (F1603)" in found.content.decode()
    assert auditor.get(address("occupations"), {"element": "naissance"}).status_code == 404
    without_script = fill(auditor, person, **{"action": "chercher", "metier-q-metier-recherches": "soudur"})
    assert "Soudeur (H2913)" in without_script.content.decode()
    assert not Statement.objects.exists()


# What would change.


def test_a_fact_that_changes_lists_the_decision_and_says_why(world, auditor, seeker):
    page = auditor.get(address("orientation", seeker)).context["page"]
    auditor.post(address("decide", seeker), {"choix": [line.code for line in page.recommended], "lue": ""})
    assert "Aucune décision à réexaminer" in auditor.get(address("changes")).content.decode()
    read = str(Statement.objects.get(code="emploi.recherche").pk)
    answer(auditor, seeker, "emploi.recherche", "non", read=read)
    text = auditor.get(address("changes")).content.decode()
    assert str(seeker) in text
    assert "N’est plus proposé : " in text
    assert "la recherche d&#x27;emploi : cherche un emploi puis n&#x27;en cherche pas" in text
    services.decide(world.auditor, seeker.pk, chosen=[], reason="Ne cherche plus")
    assert "Aucune décision à réexaminer" in auditor.get(address("changes")).content.decode()


def test_a_decision_of_the_state_on_a_parameter_is_seen_at_the_next_review(world, auditor, seeker):
    """Automatic registration begins in the directorate: the CIP registers nobody there any more (B-032, L-014)."""
    services.state(
        world.auditor,
        seeker.pk,
        {"rsa.beneficiaire": "non", "agir.suivi": "non", "ft.inscrit": "non", "metz.autre_motif": "non"},
        source="personne",
        as_of=world.day,
    )
    page = auditor.get(address("orientation", seeker)).context["page"]
    assert "metz" in {line.code for line in page.recommended}
    auditor.post(address("decide", seeker), {"choix": [line.code for line in page.recommended], "lue": ""})
    with clock.at(clock.paris(world.day, 10)):
        decide_parameter(
            world.nation,
            key="auto_ft_registration_date",
            territory="dt:metz",
            value=world.day,
            unit="date",
            valid_from=world.day,
            reference="décision d'essai",
        )
        auditor.post(address("review"))
    review = Review.objects.get()
    assert "metz" in review.lost
    assert any("paramètre" in sentence for sentence in review.why)
    assert "metz" not in {line.code for line in auditor.get(address("orientation", seeker)).context["page"].recommended}


# Figures.


def test_the_pages_cost_the_same_number_of_queries_whatever_is_stated(
    world, auditor, seeker, django_assert_max_num_queries
):
    for _ in range(3):
        services.decide(world.auditor, seeker.pk, chosen=["adie"], reason="Projet")
    for name in ("orientation", "diagnosis", "changes"):
        with django_assert_max_num_queries(15):
            auditor.get(address(name, None if name == "changes" else seeker))
