"""The orientation inside the interview: nothing asked twice, one question at a time, a decision at the desk."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.urls import reverse

from passerelles.orientation import services as orientation
from passerelles.orientation.engine.recommendation import recommend
from passerelles.orientation.models import Decision, Statement
from passerelles.orientation.policy import ORDINARY
from passerelles.orientation.queries import decision_of
from passerelles.orientation.rules import BOOK, FACTS
from passerelles.orientation.rules import interview as goals
from passerelles.orientation.rules.proposals import PROPOSALS
from passerelles.people.services import sign_contract
from passerelles.reception.models import Interview
from passerelles.reception.services import interviews
from passerelles.reference.territory import Territory
from tests.browsing import sign_in

FREE = {"situation": "none", "ft": "non", "rsa": "non", "agir": "non"}


@pytest.fixture
def interview(world):
    convocation = world.convoked(world.session(), postcode="57000", motive="FAMILIAL", commune_code="57463")[0]
    sign_contract(world.auditor, convocation.person, signed_on=world.day - dt.timedelta(days=8))
    return interviews.start_interview(world.cip, convocation.pk)


@pytest.fixture
def visitor(client, world, interview):
    return sign_in(client, world, "cip")


def at(interview, name=""):
    return reverse(f"reception:interview{name}", args=[interview.pk])


def panel(visitor, interview):
    return visitor.get(at(interview)).context["panel"]


def answer(visitor, interview, code, value, **more):
    typed = FREE | {"version": 1, "question": code, f"q-{code.replace('.', '-')}": value}
    return visitor.post(at(interview, "-answer"), typed | more)


def test_nothing_is_asked_before_the_situation_and_nothing_that_the_form_asks(visitor, interview):
    found = panel(visitor, interview)
    assert found.question is None
    assert "la situation professionnelle" in found.waiting
    saved = visitor.post(at(interview, "-autosave"), FREE | {"version": 1, "panneau": found.fingerprint})
    assert saved.context["redraw"]
    after = saved.context["panel"]
    assert after.waiting == ()
    assert after.question["code"] == "sejour.statut"
    assert not {"emploi.situation", "ft.inscrit", "spe.dispense"} & set(after.page.next_questions)
    assert 'id="panneau"' in saved.content.decode()


def test_an_autosave_that_changes_nothing_leaves_the_question_in_peace(visitor, interview):
    saved = visitor.post(at(interview, "-autosave"), FREE | {"version": 1})
    again = FREE | {"version": 2, "panneau": saved.context["panel"].fingerprint, "occupation": "Soudeuse"}
    text = visitor.post(at(interview, "-autosave"), again).content.decode()
    assert "Enregistré à 9" in text
    assert 'id="panneau"' not in text


def test_each_answer_is_recorded_and_brings_the_next_question(world, visitor, interview):
    reply = answer(visitor, interview, "emploi.recherche", "cherche")
    stated = Statement.objects.get()
    assert (stated.code, stated.value, stated.as_of, stated.by) == (
        "emploi.recherche",
        "cherche",
        world.day,
        world.cip.agent_id,
    )
    assert "La recherche d&#x27;emploi : <strong>cherche un emploi</strong>" in reply.content.decode()
    assert reply.context["panel"].question["code"] != "emploi.recherche"
    assert Interview.objects.get().version == 1


@pytest.mark.parametrize(("code", "value"), [("emploi.recherche", ""), ("emploi.recherche", "x"), ("nez", "long")])
def test_an_answer_that_cannot_be_read_is_told_in_the_panel(visitor, interview, code, value):
    reply = answer(visitor, interview, code, value)
    assert reply.status_code == 200
    assert 'role="alert"' in reply.content.decode()
    assert not Statement.objects.exists()


def test_two_desks_answer_the_same_question(world, visitor, interview):
    orientation.state(
        world.cip_two, interview.person_id, {"emploi.recherche": "non"}, source="personne", as_of=world.day
    )
    text = answer(visitor, interview, "emploi.recherche", "cherche").content.decode()
    assert "Agent cip_two a enregistré" in text
    assert Statement.objects.get().value == "non"


def test_from_unknown_to_decided_with_at_most_the_questions_announced(visitor, interview):
    visitor.post(at(interview, "-autosave"), FREE | {"version": 1})
    first = panel(visitor, interview)
    asked = 0
    while (question := panel(visitor, interview).question) is not None:
        spec = FACTS[question["code"]]
        value = next(iter(spec.values), "oui") if spec.type != "date" else "2025-06-01"
        answer(visitor, interview, question["code"], value)
        asked += 1
        assert asked <= first.left
    done = panel(visitor, interview)
    assert done.decided
    assert done.lines


def test_the_decision_is_taken_at_the_desk_from_what_the_form_says(world, visitor, interview):
    visitor.post(at(interview, "-autosave"), FREE | {"version": 1})
    answer(visitor, interview, "emploi.recherche", "cherche")
    found = panel(visitor, interview)
    chosen = [line.code for line in found.lines if line.standing == "recommended"]
    assert "metz" in chosen
    reply = visitor.post(at(interview), FREE | {"version": 2, "action": "orienter", "choix": chosen})
    assert reply.status_code == 302
    decision = decision_of(interview.person)
    assert decision.kind == "agreed"
    assert decision.facts["emploi.situation"] == {
        "valeur": "none",
        "source": "entretien en cours",
        "date": "2026-03-10",
    }
    assert {row.code for row in Statement.objects.all()} == {"emploi.recherche", "spe.dispense", "metz.autre_motif"}
    assert "Décidé" in visitor.get(at(interview)).content.decode()
    assert Interview.objects.get().situation == "none"


def test_an_override_at_the_desk_needs_its_reason_and_keeps_the_page(visitor, interview):
    typed = FREE | {"version": 1, "action": "orienter", "choix": ["adie"], "occupation": "Soudeuse"}
    reply = visitor.post(at(interview), typed)
    assert reply.status_code == 400
    assert "demande un motif" in reply.content.decode()
    assert 'value="Soudeuse"' in reply.content.decode()
    assert not Decision.objects.exists()
    reply = visitor.post(at(interview), typed | {"version": 2, "motif": "Projet financé"})
    assert reply.status_code == 302
    assert Decision.objects.get().is_override


def test_without_script_the_answer_saves_the_interview_and_itself(visitor, interview):
    typed = FREE | {"version": 1, "action": "repondre", "question": "emploi.recherche", "q-emploi-recherche": "non"}
    assert visitor.post(at(interview), typed).status_code == 302
    assert Statement.objects.get().value == "non"
    assert Interview.objects.get().situation == "none"
    typed = FREE | {"version": 2, "action": "enregistrer", "question": "besoin.emploi", "q-besoin-emploi": "oui"}
    visitor.post(at(interview), typed)
    assert Statement.objects.get(code="besoin.emploi").value is True


def test_a_finished_interview_asks_nothing(visitor, interview):
    visitor.post(at(interview), FREE | {"version": 1, "action": "terminer", "not_registered_reason": "refused"})
    text = visitor.get(at(interview)).content.decode()
    assert "Répondre</button>" not in text
    assert "Enregistrer l’orientation" not in text


def test_a_stray_enter_key_saves_and_never_decides(visitor, interview):
    """The first button of a form is the one that the Enter key presses."""
    text = visitor.get(at(interview)).content.decode()
    form = text[text.index('id="entretien"') :]
    assert form.index('value="enregistrer"') < form.index('id="panneau"')


def test_the_page_costs_a_fixed_number_of_queries(world, visitor, interview, django_assert_max_num_queries):
    for number in range(3):
        orientation.decide(world.cip, interview.person_id, chosen=["adie"], reason=f"essai {number}")
    with django_assert_max_num_queries(15):
        visitor.get(at(interview))


# The interview ends, whatever is answered (pure).

KNOWN = {
    "departement": "57",
    "nationalite": "AF",
    "naissance": "1995-05-05",
    "sexe": "F",
    "cir.contrat": "cir",
    "cir.date_signature": "2026-03-02",
    "spe.dispense": False,
    "metz.autre_motif": False,
}
DAY = dt.date(2026, 3, 10)


@pytest.mark.parametrize("situation", ["none", "cdi", "student"])
@pytest.mark.parametrize("checks", list(itertools.product([True, False], repeat=3)))
@pytest.mark.parametrize("turn", range(4))
def test_whatever_is_answered_the_questions_end_within_the_number_announced(register_only, situation, checks, turn):
    told = KNOWN | {"emploi.situation": situation}
    told |= dict(zip(("ft.inscrit", "rsa.beneficiaire", "agir.suivi"), checks, strict=True))
    announced, asked = None, []
    while True:
        facts = FACTS.read(told)
        lines = recommend(BOOK.evaluate(facts, DAY, Territory.parse("department:57")), PROPOSALS)
        wanted = goals.goals((code, known.value) for code, known in facts.items())
        open_ = goals.open_questions(lines, wanted, FACTS, ORDINARY)
        announced = len(open_) if announced is None else announced
        if not open_:
            break
        assert open_[0] not in asked
        asked.append(open_[0])
        told[open_[0]] = _some_answer(open_[0], turn)
    assert len(asked) <= announced


def _some_answer(code, turn):
    spec = FACTS[code]
    match spec.type:
        case "bool":
            return bool((turn + len(code)) % 2)
        case "date":
            return ["2025-06-01", "2019-01-01", "jamais", "2026-02-01"][turn] if spec.may_be_never else "2025-06-01"
        case "int":
            return turn
        case "level":
            return ["A1.1", "A1", "A2", "B1"][turn]
    values = list(spec.values)
    return values[turn % len(values)]


@pytest.fixture
def register_only():
    from passerelles.reference import parameters

    former = parameters.use_overrides(None)
    yield
    parameters.use_overrides(former)
