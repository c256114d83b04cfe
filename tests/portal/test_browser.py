"""The loop closed from both sides in a real browser: mission locale without account, newcomer in Arabic (Shows 3).

And every screen in each of the twelve languages, on a telephone of 360 px: axe, console, width; pictures to look at.
"""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from playwright.sync_api import Page, expect

from passerelles.core import clock
from passerelles.messages import catalogue
from passerelles.pathway.services.documents import note_document
from passerelles.people.services import sign_contract
from passerelles.portal import wording
from passerelles.reception.services.appointments import fix_appointment
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import Party
from passerelles.referrals.services import appointments, clocks, persons
from passerelles.referrals.speakers import Outsider
from tests.browser.desk import SHOTS, Desk
from tests.portal.conftest import Story, tell

pytestmark = pytest.mark.browser
DAY = dt.date(2026, 3, 24)


class Phone(Desk):
    """A telephone of 360 px without JavaScript and without account."""

    def __init__(self, browser, base: str, width: int = 360, *, axe: bool = True) -> None:
        super().__init__(browser, base, None, "", width)
        if not axe:
            self.context.close()
            self.context = browser.new_context(
                locale="fr-FR", viewport={"width": width, "height": 800}, base_url=base, java_script_enabled=False
            )
            self.page: Page = self.context.new_page()


@pytest.fixture
def phone(chromium, live_server):
    opened: list[Phone] = []

    def take(**options) -> Phone:
        opened.append(Phone(chromium, live_server.url, **options))
        return opened[-1]

    yield take
    for each in opened:
        each.context.close()


@pytest.fixture
def story(shared_world) -> Story:
    return tell(shared_world)


def refer_by_the_screens(story: Story, desk) -> Referral:
    """As an auditor of the OFII does: the file, what will leave, send."""
    page = desk("auditor").page
    page.goto(f"/personnes/{story.person.pk}/")
    page.get_by_role("link", name="Orienter", exact=True).click()
    page.get_by_label("Besoin").select_option("employment")
    page.get_by_label("Organisme ou service").select_option(label=story.mission_locale.name)
    page.get_by_role("button", name="Voir ce qui sera transmis").click()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("L’orientation est envoyée")).to_be_visible()
    return Referral.objects.get(person=story.person)


def steps_on_the_page(story: Story, desk, name: str) -> list[str]:
    """The timing of each step as the person's page tells it, at a desk and on a telephone: the same."""
    here, told = desk("manager"), []
    for width in (1280, 360):
        here.page.set_viewport_size({"width": width, "height": 900})
        here.page.goto(f"/personnes/{story.person.pk}/")
        course = here.page.get_by_role("region", name="Orientations")
        expect(course.get_by_text("Le temps de chaque étape")).to_be_visible()
        told.append([" ".join(text.split()) for text in course.locator(".ref-steps li").all_inner_texts()])
        here.check(name)
    assert told[0] == told[1]
    return told[0]


def test_the_loop_closes_from_both_sides_and_the_page_of_the_person_times_each_step(story, phone, desk):
    """Shows 3, whole: everybody acts through their own screen."""
    referral = refer_by_the_screens(story, desk)
    partner = phone(axe=False).page
    with clock.frozen(clock.paris(dt.date(2026, 3, 12), 14, 5)):
        began = time.perf_counter()
        partner.goto(story.partner_path())
        partner.get_by_label("Date", exact=True).fill("2026-03-24")
        partner.get_by_label("Heure").fill("09:30")
        partner.get_by_role("button", name="Donner ce rendez-vous").click()
        expect(partner.get_by_role("status")).to_have_text(re.compile(r"^\s*Réponse enregistrée"))
        assert time.perf_counter() - began < 30, "a partner answers in half a minute"
        partner_path = story.partner_path()

    arabic = wording.texts_in("ara")
    salma = phone(axe=False).page
    with clock.frozen(clock.paris(dt.date(2026, 3, 13), 8)):
        salma.goto(story.post.link_to(story.person.phone))
        expect(salma.locator("html")).to_have_attribute("dir", "rtl")
        expect(salma.locator("main")).to_contain_text("الثلاثاء 24 مارس 2026، 09:30")
        salma.get_by_role("button", name=arabic("confirm"), exact=True).click()
        expect(salma.locator("main")).to_contain_text(arabic("confirmed"))

    with clock.frozen(clock.paris(DAY, 11)):
        partner.goto(partner_path)
        expect(partner.locator("main")).to_contain_text("la personne a confirmé sa venue")
        partner.get_by_role("button", name="Oui, la personne est venue").click()
        expect(partner.locator("main")).to_contain_text("Rendez-vous honoré")
        salma.reload()
        salma.get_by_role("button", name=arabic("yes")).click()
        expect(salma.locator("main")).to_contain_text(arabic("step.attended"))
    referral.refresh_from_db()
    said = {each.party: each.took_place for each in referral.appointments.get().said.all()}
    assert said == {"receiver": True, "person": True}
    assert (referral.state, referral.attended_on) == ("attended", DAY)

    with clock.frozen(clock.paris(DAY, 17)):
        told = steps_on_the_page(story, desk, "personne-boucle-close")
    assert told == [
        "Envoyée le 10/03/2026 à 9 h, dit par DT OFII Metz (Agent auditor)",
        "Acceptée 2 jours après, le 12/03/2026 à 14 h 05, dit par Mission locale des Trois-Rives",
        "Rendez-vous donné, pour le 24/03/2026 à 9 h 30 le même jour, le 12/03/2026 à 14 h 05, "
        "dit par Mission locale des Trois-Rives",
        "Venue confirmée 1 jour après, le 13/03/2026 à 8 h, dit par la personne",
        "Rendez-vous honoré 11 jours après, le 24/03/2026 à 11 h, dit par Mission locale des Trois-Rives",
        "Rendez-vous honoré le même jour, le 24/03/2026 à 11 h, dit par la personne",
    ]


def test_a_mute_partner_ends_in_a_takeover_and_the_person_is_told(story, phone, desk):
    referral = refer_by_the_screens(story, desk)
    day, seen = story.world.day, []
    while referral.state != "taken_over":
        day += dt.timedelta(days=1)
        assert day < story.world.day + dt.timedelta(days=120), seen
        with clock.frozen(clock.paris(day, 1)):
            clocks.run(day)
            persons.tell_given_back(day)
        referral.refresh_from_db()
        seen.append((referral.state, referral.stage))
    assert ("sent", "reminded") in seen and ("sent", "escalated") in seen
    assert referral.owner == story.world.dt_metz
    with clock.frozen(clock.paris(day, 9)):
        salma = phone(axe=False).page
        salma.goto(story.post.link_to(story.person.phone))
        expect(salma.locator("main")).to_contain_text(wording.texts_in("ara")("searching"))
        assert persons.tell_given_back(day) == 1
        story.post.deliver()
        told = steps_on_the_page(story, desk, "personne-organisme-muet")
    assert [each.kind for each in story.post.sent if each.recipient == story.person.phone].count(
        "referral_taken_over"
    ) == 1
    assert [line.split(",")[0] for line in told] == [
        "Envoyée le 10/03/2026 à 9 h",
        "Sans réponse à l’échéance : rappel",
        "Toujours sans réponse : responsable et référent prévenus 8 jours après",
        "Reprise par l’organisme qui adresse",
    ]
    assert all(line.endswith("dit par la plateforme") for line in told[1:])
    with clock.frozen(clock.paris(day + dt.timedelta(days=1), 10)):
        late = phone(axe=False).page
        late.goto(story.partner_path())
        late.get_by_role("button", name="Accepter, la date viendra plus tard").click()
        expect(late.locator("main"), "a late answer is never lost").to_contain_text("Acceptée")


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_language_is_accessible_and_fits_a_small_telephone(story, phone, language):
    referral = story.refer()
    appointments.fix(
        Outsider(Party.RECEIVER, referral.pk), referral.pk, starts_at=clock.paris(DAY, 9, 30), interpreter="ara"
    )
    auditor, person = story.world.auditor, story.person
    sign_contract(auditor, person, signed_on=dt.date(2026, 1, 5))
    note_document(auditor, person.pk, kind="cst", expires_on=dt.date(2026, 9, 3))
    passed = clock.paris(dt.date(2026, 3, 9), 10)
    with clock.frozen(clock.paris(dt.date(2026, 3, 2), 9)):
        fix_appointment(story.world.cip, person=person, organisation=story.world.agency, fixed_for=passed)
    salma = phone()
    salma.page.goto(f"{story.person_path()}?l={language}")
    salma.check(f"page-personne-{language}")
    plan = salma.page.request.get(f"{story.person_path()}/plan.pdf?l={language}").body()
    assert plan.startswith(b"%PDF")
    (SHOTS / f"plan-{language}.pdf").write_bytes(plan)


def test_the_partner_page_is_accessible_and_fits(story, phone):
    story.refer(message="Cherche un poste de cuisinière.")
    path = story.partner_path()
    for width in (360, 1280):
        partner = phone(width=width)
        partner.page.goto(path)
        partner.check("reponse-partenaire")
        partner.page.get_by_text("Décliner", exact=True).first.click()
        partner.check("reponse-partenaire-decliner")
        partner.page.goto("/r/" + "A" * 38)
        partner.complaints.clear()
        partner.check("lien-mort")


def test_the_agent_gives_the_page(story, desk):
    here = desk("auditor")
    here.page.goto(f"/personnes/{story.person.pk}/")
    here.page.get_by_role("link", name="Page de la personne").click()
    here.page.get_by_role("button", name="Ouvrir la page de la personne").click()
    here.check("page-de-la-personne-agent")
