"""The loop closed from both sides in a real browser: mission locale without account, newcomer in Arabic (Shows 3).

And every screen in each of the twelve languages, on a telephone of 360 px: axe, console, width; pictures to look at.
"""

from __future__ import annotations

import datetime as dt
import time

import pytest
from playwright.sync_api import Page

from passerelles.core import clock
from passerelles.messages import catalogue
from passerelles.portal import wording
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import Party
from passerelles.referrals.services import appointments, clocks, persons
from passerelles.referrals.speakers import Outsider
from tests.browser.desk import Desk
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


def test_the_loop_closes_from_both_sides(story, phone):
    referral = story.refer()
    partner = phone(axe=False).page
    began = time.perf_counter()
    partner.goto(story.partner_path())
    partner.get_by_label("Date", exact=True).fill("2026-03-24")
    partner.get_by_label("Heure").fill("09:30")
    partner.get_by_role("button", name="Donner ce rendez-vous").click()
    assert partner.get_by_role("status").inner_text().startswith("Réponse enregistrée")
    assert time.perf_counter() - began < 30, "a partner answers in half a minute"
    partner_path = story.partner_path()

    salma = phone(axe=False).page
    salma.goto(story.post.link_to(story.person.phone))
    assert salma.locator("html").get_attribute("dir") == "rtl"
    assert "الثلاثاء 24 مارس 2026، 09:30" in salma.content()
    arabic = wording.texts_in("ara")
    salma.get_by_role("button", name=arabic("confirm"), exact=True).click()
    assert arabic("confirmed") in salma.content()

    with clock.frozen(clock.paris(DAY, 11)):
        partner.goto(partner_path)
        assert "la personne a confirmé sa venue" in partner.content()
        partner.get_by_role("button", name="Oui, la personne est venue").click()
        assert "Rendez-vous honoré" in partner.content()
        salma.reload()
        salma.get_by_role("button", name=arabic("yes")).click()
        assert arabic("step.attended") in salma.content()
    referral = Referral.objects.get(pk=referral.pk)
    said = {each.party: each.took_place for each in referral.appointments.get().said.all()}
    assert said == {"receiver": True, "person": True}
    assert (referral.state, referral.attended_on) == ("attended", DAY)


def test_a_mute_partner_ends_in_a_takeover_and_the_person_is_told(story, phone):
    referral = story.refer()
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
        assert wording.texts_in("ara")("searching") in salma.content()
        assert persons.tell_given_back(day) == 1
        story.post.deliver()
    assert [each.kind for each in story.post.sent if each.recipient == story.person.phone].count(
        "referral_taken_over"
    ) == 1
    with clock.frozen(clock.paris(day + dt.timedelta(days=1), 10)):
        late = phone(axe=False).page
        late.goto(story.partner_path())
        late.get_by_role("button", name="Accepter, la date viendra plus tard").click()
        assert "Acceptée" in late.content(), "a late answer is never lost"


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_language_is_accessible_and_fits_a_small_telephone(story, phone, language):
    referral = story.refer()
    appointments.fix(
        Outsider(Party.RECEIVER, referral.pk), referral.pk, starts_at=clock.paris(DAY, 9, 30), interpreter="ara"
    )
    salma = phone()
    salma.page.goto(f"{story.person_path()}?l={language}")
    salma.check(f"page-personne-{language}")


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
