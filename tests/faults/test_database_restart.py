"""PostgreSQL stops and starts again under the web pages: nothing typed is lost, nothing is done twice."""

from __future__ import annotations

import json
import threading
import time

import pytest

from passerelles.core.postgres import SUPERUSER
from tests.cli.installation import DATABASE, Installation, wait_until
from tests.faults.platform import Clerk, Running, answers, serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A platform of its own with a session today, its pages served by the real web server."""
    installation = Installation(tmp_path_factory.mktemp("panne"), {"PASSERELLES_WEB_WORKERS": "2"})
    installation.server.start()
    migrated = installation.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    facts = json.loads(installation.python("from tests.faults.platform import populate; populate()"))
    log = tmp_path_factory.mktemp("journal") / "pages.log"
    served = serving(installation, log)
    base, process = next(served)
    here = Running(installation, base, log, facts)
    yield here
    assert process.poll() is None, "the web process was never restarted"
    served.close()
    installation.server.stop("immediate")


@pytest.fixture
def up(running):
    """The server is up before and after each test."""
    yield running
    running.server.start()


@pytest.fixture
def clerk(running) -> Clerk:
    return Clerk(running)


def day(running) -> str:
    return f"/accueil/seances/{running.facts['session']}"


def convocation(running, number: int, verb: str) -> str:
    return f"/accueil/convocations/{running.facts['convocations'][number]}/{verb}"


def agrees(running) -> None:
    checked = running.installation.run("check-journal")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("mode", ["fast", "immediate", "kill"])
def test_after_a_restart_between_two_requests_the_same_page_works(up, clerk, mode):
    """Every web process has a connection that died: the next request of each opens another one."""
    for _ in range(8):
        assert clerk.open(day(up)).status == 200
    up.server.restart(mode)
    assert [clerk.open(day(up)).status for _ in range(8)] == [200] * 8


def test_while_it_is_down_the_page_says_to_retry_in_french(up, clerk):
    assert clerk.open(day(up)).status == 200
    up.server.stop("fast")
    down = clerk.open(day(up))
    assert down.status == 503
    assert down.headers["Retry-After"] == "30"
    assert down.headers["Cache-Control"] == "no-store"
    assert "La base de données ne répond pas" in down.text
    assert "réessayez dans une minute" in down.text
    assert f'href="{day(up)}"' in down.text
    assert answers(f"{up.base}/sante"), "the web process itself is well"
    up.server.start()
    assert clerk.open(day(up)).status == 200


def test_what_was_typed_while_it_is_down_is_sent_again_from_the_page(up, clerk):
    """The walk-in typed at the worst moment: kept word for word, then received once."""
    walk_in = f"{day(up)}/venue"
    form = clerk.open(walk_in)
    up.server.stop("immediate")
    typed = {
        "family_name": "N’Guessan « la grande »",
        "given_names": "Aya <Rose> & Cie",
        "birth_date": "1991-02-03",
        "sex": "F",
        "nationality": "CI",
        "language": "",
        "phone": "",
        "foreigner_number": "",
    }
    down = clerk.send(form, walk_in, **typed)
    assert down.status == 503
    assert "Renvoyer ma saisie" in down.text
    kept = dict(down.fields)
    assert {name: kept[name] for name in typed} == typed
    again = clerk.open(walk_in, down.fields)
    assert again.status == 503, "still down: the page still keeps it"
    assert again.fields == down.fields
    up.server.start()
    done = clerk.open(walk_in, again.fields)
    assert done.status == 200 and "est reçue sans convocation" in done.text, done.text[:2000]
    assert up.count("SELECT count(*) FROM people_person WHERE given_names = 'Aya <Rose> & Cie'") == 1
    assert up.count("SELECT count(*) FROM reception_convocation WHERE walk_in") == 1
    clerk.open(walk_in, again.fields)
    assert up.count("SELECT count(*) FROM reception_convocation WHERE walk_in") == 1, "sent twice, received once"
    agrees(up)


@pytest.mark.parametrize(("number", "mode"), [(0, "fast"), (1, "immediate"), (2, "kill")])
def test_a_request_cut_in_the_middle_writes_nothing_then_once(up, clerk, number, mode):
    """The request waits for a lock inside its transaction when the server goes away under it."""
    page = clerk.open(day(up))
    before = up.standing("attendance")
    holder = up.server.connect(DATABASE, SUPERUSER)
    holder.autocommit = False
    holder.execute("SELECT 1 FROM reception_convocation FOR UPDATE")
    told = []
    clicking = threading.Thread(
        target=lambda: told.append(clerk.send(page, convocation(up, number, "arrivee"))), daemon=True
    )
    clicking.start()
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    wait_until(lambda: told or up.count(waiting) == 1, patience=20)
    assert not told
    up.server.restart(mode)
    clicking.join(60)
    (cut,) = told
    assert cut.status == 503
    assert up.standing("attendance") == before
    done = clerk.open(convocation(up, number, "arrivee"), cut.fields)
    assert done.status == 200
    clerk.open(convocation(up, number, "arrivee"), cut.fields)
    assert up.standing("attendance") == before + 1
    agrees(up)


def test_a_clerk_who_keeps_clicking_through_restarts_loses_and_doubles_nothing(up, clerk):
    """Every click is answered 200 or 503, and repeated until it is done."""
    page = clerk.open(day(up))
    path, stop = convocation(up, 3, ""), threading.Event()

    def shake() -> None:
        for mode in ("fast", "immediate", "kill", "fast"):
            time.sleep(0.4)
            up.server.stop(mode)
            time.sleep(0.3)
            up.server.start()
        stop.set()

    before = up.standing("attendance")
    shaking = threading.Thread(target=shake)
    shaking.start()
    statuses, rounds = [], 0
    while not stop.is_set() or rounds < 3:
        for verb in ("arrivee", "effacer"):
            while True:
                statuses.append(clerk.send(page, path + verb).status)
                if statuses[-1] == 200:
                    break
        rounds += 1
    shaking.join()
    assert set(statuses) == {200, 503}
    assert up.standing("attendance") == before
    facts = "SELECT count(*) FROM journal_fact WHERE kind = '{}' AND subject_id = '{}'"
    told = [up.count(facts.format(kind, up.facts["convocations"][3])) for kind in ("attendance", "retraction")]
    assert told[0] == told[1] >= 1, "every arrival was retracted once"
    agrees(up)


def test_a_password_typed_while_it_is_down_is_never_sent_back(up, running):
    stranger = Clerk(running, signed_in=False)
    form = stranger.open("/compte/connexion")
    up.server.stop("fast")
    down = stranger.send(form, form.address.removeprefix(running.base), username="a@b.example", password="un secret")
    assert down.status == 503
    assert "un secret" not in down.text and "a@b.example" not in down.text
    assert "recommencez dans un instant" in down.text


def test_the_log_of_the_web_process_tells_the_fault_and_names_nobody(up, clerk):
    form = clerk.open(f"{day(up)}/venue")
    up.server.stop("fast")
    clerk.send(form, f"{day(up)}/venue?q=Introuvable", family_name="Introuvable", given_names="Ici")
    log = up.log.read_text(encoding="utf-8")
    assert f"base de données injoignable : POST {day(up)}/venue (OperationalError)" in log
    assert "Introuvable" not in log
