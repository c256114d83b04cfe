"""A hand-made chunk of DT Metz: every kind of row, small enough to be played by the verbs. All persons fictitious."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import polars as pl

from passerelles.core import clock
from passerelles.synthetic import frames
from passerelles.synthetic.frames import Chunk, Columns, Network

DAY = dt.date(2026, 2, 10)
LATER = dt.date(2026, 2, 17)
OLD = dt.date(2025, 3, 4)
SOON = dt.date(2026, 3, 24)
DT_METZ, OPERATOR, AGENCY, OTHER_AGENCY, TRAINING, TESTS, DDETS = range(1, 8)
FAMILIES = "Kadirov Sissako Benaïssa Haddadi Zazai Ferreiro Nguyên Ivanenko Sarker Tesfamariam".split()
GIVEN = "Zarina Moussa Leïla Karim Najib Alba Thi-Hoa Oksana Rahim Selam".split()
NATIONALITIES = "TJ ML DZ MA AF ES VN UA BD ER".split()


def uid(*parts: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, parts))))


def frame(columns: Columns, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows with the columns that matter; the others are null."""
    whole = [{name: row.get(name) for name in columns} for row in rows]
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, unknown
    return pl.DataFrame(whole, schema=columns, orient="row")


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return clock.paris(day, hour, minute).astimezone(dt.UTC)


def network() -> Network:
    """DT Metz, its operator of the experiment, two agencies, a training body, a test provider, the DDETS."""
    bodies = [
        (DT_METZ, "DT OFII Metz (fictive)", "ofii_dt", "metz"),
        (OPERATOR, "Les Ponts de Moselle (AGIR)", "operator", "metz"),
        (AGENCY, "France Travail des Essais", "france_travail", "metz"),
        (OTHER_AGENCY, "France Travail des Exemples", "france_travail", "metz"),
        (TRAINING, "Atelier des mots", "training_body", "metz"),
        (TESTS, "Positionnement lorrain", "test_provider", "metz"),
        (DDETS, "DDETS (essai)", "ddets", "metz"),
    ]
    organisations = [
        {
            "number": number,
            "id": uid("organisation", number),
            "name": name,
            "kind": kind,
            "direction": direction,
            "department": "57",
            "region": "44",
            "mailbox": f"contact@organisme-{number}.example",
            "address": "1 rue des Essais, 57000 Metz",
            "phone": "+33199000000",
            "mute": False,
            "late_days": 3,
        }
        for number, name, kind, direction in bodies
    ]
    posts = [
        (DT_METZ, "ofii_auditor"),
        (DT_METZ, "ofii_auditor"),
        (DT_METZ, "ofii_auditor"),
        (OPERATOR, "cip"),
        (OPERATOR, "cip"),
        (AGENCY, "spe_adviser"),
        (AGENCY, "spe_adviser"),
        (OTHER_AGENCY, "spe_adviser"),
        (DDETS, "department_state"),
    ]
    agents = [
        {
            "number": rank,
            "id": uid("agent", rank),
            "membership": uid("membership", rank),
            "name": f"Agent {rank}",
            "email": f"agent-{rank}@organisme-{organisation}.example",
            "organisation": organisation,
            "role": role,
            "starts_on": dt.date(2024, 1, 8),
            "ends_on": dt.date(2025, 12, 31) if role == "department_state" else None,
        }
        for rank, (organisation, role) in enumerate(posts, start=1)
    ]
    referents = [
        {
            "id": uid("referent", organisation),
            "organisation": organisation,
            "function": "Référent primo-arrivants",
            "agent": agent,
            "mailbox": f"referent@organisme-{organisation}.example",
            "starts_on": dt.date(2025, 1, 6),
            "ends_on": ends,
            "trained_on": None if ends else dt.date(2025, 6, 2),
        }
        for organisation, agent, ends in ((AGENCY, 6, None), (DDETS, None, dt.date(2025, 9, 1)))
    ]
    delegation = {
        "id": uid("delegation"),
        "operator": OPERATOR,
        "direction": "metz",
        "starts_on": dt.date(2025, 12, 8),
        "ends_on": dt.date(2026, 11, 30),
        "legal_basis": "Convention (essai)",
    }
    return Network(
        frame(frames.ORGANISATIONS, organisations),
        frame(frames.AGENTS, agents),
        frame(frames.REFERENTS, referents),
        frame(frames.DELEGATIONS, [delegation]),
    )


def person(number: int, **values: Any) -> dict[str, Any]:
    family, given = FAMILIES[number % 10], GIVEN[(number // 10 + number) % 10]
    born = dt.date(1970 + number, 1, 1) if number % 3 == 0 else dt.date(1970 + number % 35, 1 + number % 12, 11)
    return {
        "number": number,
        "id": uid("person", number),
        "department": "57",
        "direction": "metz",
        "commune_code": "57463",
        "postcode": "57000",
        "city": "Metz",
        "address": "" if number % 7 == 0 else f"{number} rue des Essais, « bât. {number} »",
        "phone": f"+33639980{number:03d}",
        "email": "" if number % 4 == 0 else f"personne{number}@exemple.example",
        "motive": ("FAMILIAL", "ASILE", "ECONOMIQUE", "")[number % 4],
        "bpi": number % 4 == 1,
        "sex": "FH"[number % 2],
        "age": 20 + number,
        "birth_date": None if number == 39 else born,
        "birth_date_precision": "year" if number % 3 == 0 else "day",
        "nationality": NATIONALITIES[number % 10],
        "language": ("ar", "fa-AF", "", "uk")[number % 4],
        "speaks": ["ar"],
        "reads": [],
        "needs_interpreter": number % 5 == 0,
        "family_name": f"{family}{number}",
        "birth_name": family if number % 6 == 0 else "",
        "given_names": given,
        "children": 0,
        "needs_childcare": False,
        "disabled": False,
        "entered_on": dt.date(2024, 6, 3),
        "signed_on": DAY,
        "experience_years": 3,
        "written": "infra_a1",
        "oral": "a1",
        "level": "a1",
        "hours": 200,
        "situation": "none",
        "wishes_work": True,
        "rsa": False,
        "agir": False,
        "ft": False,
        "foreigner_number": f"{7_700_000_000 + number}" if number % 8 else "",
        "ofii_number": f"OF57{number:06d}",
        "nir": "",
        "ft_number": f"{5_500_000_000 + number:011d}" if number % 5 == 1 else "",
        "cir_number": f"CIR57-{number:05d}" if number % 2 else "",
    } | values


def session(number: int, day: dt.date, half_day: str, *, operator: int | None = None, desks: int = 2) -> dict[str, Any]:
    return {
        "number": number,
        "id": uid("session", number),
        "direction": "metz",
        "organisation": DT_METZ,
        "operator": operator,
        "held_on": day,
        "half_day": half_day,
        "starts_at": at(day, 9) if half_day == "am" else at(day, 13, 30),
        "place": "Plateforme d’accueil (essai)",
        "desks": desks,
        "planned_at": at(day - dt.timedelta(days=30), 10),
    }


def convocation(number: int, of: dict[str, Any], seat: int, status: str = "present", **values: Any) -> dict[str, Any]:
    start, came = of["starts_at"], status == "present"
    return {
        "id": uid("convocation", number, of["number"]),
        "person": number,
        "session": of["number"],
        "desk": seat % of["desks"] + 1,
        "slot_at": start + dt.timedelta(minutes=15 + 15 * (seat // of["desks"])),
        "convoked_at": at(of["held_on"] - dt.timedelta(days=14), 11, seat),
        "status": status,
        "reason": "" if came else "ill",
        "arrived_at": start + dt.timedelta(minutes=seat - 3) if came else None,
        "known_at": start + dt.timedelta(minutes=seat - 3 if came else 40),
    } | values


def interview(seat: dict[str, Any], **values: Any) -> dict[str, Any]:
    begins = seat["slot_at"]
    return {
        "id": uid("interview", seat["person"]),
        "person": seat["person"],
        "session": seat["session"],
        "started_at": begins,
        "ended_at": begins + dt.timedelta(minutes=11, seconds=seat["person"]),
        "situation": "none",
        "ft": False,
        "rsa": False,
        "agir": False,
        "registered": False,
        "opted_out": False,
        "not_registered_reason": "",
        "occupation": "soudure",
        "barriers": ["language", "mobility"],
        "accompaniment": False,
    } | values


SITUATIONS: tuple[dict[str, Any], ...] = (
    {"registered": True, "appointment_with": AGENCY, "accompaniment": True},
    {"registered": True, "appointment_with": AGENCY},
    {"registered": True, "appointment_with": OTHER_AGENCY},
    {"registered": True, "appointment_with": OTHER_AGENCY},
    {"registered": True, "appointment_with": AGENCY, "barriers": []},
    {"registered": True},
    {"opted_out": True},
    {"opted_out": True},
    {"situation": "cdi", "ft": None, "rsa": None, "agir": None},
    {"situation": "training"},
    {"situation": "student", "ft": True},
    {"situation": "other"},
    {"rsa": True},
    {"agir": True, "occupation": ""},
    {"ft": True, "appointment_with": AGENCY},
    {"not_registered_reason": "refused"},
    {"not_registered_reason": "technical_failure"},
    {"not_registered_reason": "to_complete", "barriers": ["childcare"]},
)
"""What the interviews of persons 1 to 18 say."""
ANSWERS = {1: ("attended", True, OPERATOR), 2: ("attended", False, AGENCY), 3: ("missed", False, OTHER_AGENCY)}


def chunk() -> Chunk:
    """Two sessions of the experiment, one held by the DT alone the year before, one still to come."""
    experiment = [session(1, DAY, "am", operator=OPERATOR), session(2, LATER, "pm", operator=OPERATOR)]
    alone, to_come = session(3, OLD, "am", desks=1), session(4, SOON, "am", operator=OPERATOR)
    seats = [convocation(n, experiment[(n - 1) // 9], (n - 1) % 9) for n in range(1, 19)]
    absent = [
        convocation(19, experiment[0], 9, "absent", reason="no_news"),
        convocation(20, experiment[0], 10, "excused"),
    ]
    again = [convocation(20, experiment[1], 9, convoked_at=at(DAY, 15))]
    dt_alone = [convocation(n, alone, n - 21) for n in range(21, 31)]
    dt_alone.append(convocation(31, alone, 10, "absent", reason="childcare"))
    waiting = [
        convocation(n, to_come, n - 32, "present", arrived_at=None, known_at=None, reason="") for n in range(32, 36)
    ]
    convocations = [*seats, *absent, *again, *dt_alone, *waiting]
    held = [interview(seat, **said) for seat, said in zip(seats, SITUATIONS, strict=True)]
    held.append(interview(again[0], ft=True, started_at=again[0]["slot_at"] + dt.timedelta(minutes=1)))
    return Chunk(
        people=frame(frames.PEOPLE, [person(n, signed_on=signed(n)) for n in range(1, 41)]),
        sessions=frame(frames.SESSIONS, [*experiment, alone, to_come]),
        convocations=frame(frames.CONVOCATIONS, sorted(convocations, key=lambda row: row["convoked_at"])),
        interviews=frame(frames.INTERVIEWS, [with_appointment(row) for row in held]),
        assessments=frame(frames.ASSESSMENTS, assessments()),
        situations=frame(frames.SITUATIONS, situations()),
        registrations=frame(frames.REGISTRATIONS, registrations(held)),
        opt_outs=frame(frames.OPT_OUTS, opt_outs()),
        appointments=frame(frames.APPOINTMENTS, appointments(held)),
        events=frame(frames.EVENTS, events()),
        records=frame(frames.RECORDS, records()),
    )


def signed(number: int) -> dt.date:
    if number in range(21, 32):
        return OLD
    return SOON if number in range(32, 36) else LATER if number in range(10, 19) or number == 20 else DAY


def fixed_for(row: dict[str, Any]) -> dt.datetime:
    return at(row["ended_at"].date() + dt.timedelta(days=8), 9, row["person"])


def with_appointment(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"appointment_at": fixed_for(row)} if row.get("appointment_with") else row


def assessments() -> list[dict[str, Any]]:
    rows = [
        {"person": n, "kind": "initial", "assessed_on": signed(n), "provider": TESTS, "known_at": at(signed(n), 17, n)}
        for n in (1, 2, 21, 22)
    ]
    last = {"person": 21, "kind": "final", "assessed_on": dt.date(2025, 9, 2), "known_at": at(dt.date(2025, 9, 4), 9)}
    levels = {"written": "a1", "oral": "a1", "overall": "a1"}
    return [levels | {"id": uid("assessment", rank)} | row for rank, row in enumerate([*rows, last])]


def situations() -> list[dict[str, Any]]:
    """One is what an interview observed, told a second time; the others are the DT's and an agency's."""
    rows = [
        (1, "none", DAY, "Entretien à la plateforme d’accueil", at(DAY, 12)),
        (23, "none", OLD, "Auditeur OFII", at(OLD, 12)),
        (23, "cdd", dt.date(2025, 11, 3), "France Travail", at(dt.date(2025, 11, 5), 9)),
        (21, "training", dt.date(2025, 9, 16), frames.END_OF_CIR, at(dt.date(2025, 9, 16), 14)),
    ]
    names = ("person", "kind", "observed_on", "source", "known_at")
    return [{"id": uid("situation", rank), **dict(zip(names, row, strict=True))} for rank, row in enumerate(rows)]


def registrations(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the interviews, told a second time but one; then what registers elsewhere gave."""
    by_cip = [
        {
            "person": row["person"],
            "register": "ft",
            "starts_on": signed(row["person"]),
            "by": "cip",
            "place": "pfa",
            "registered_at": row["ended_at"],
            "known_at": row["ended_at"],
        }
        for row in held
        if row["registered"] and row["person"] != 2
    ]
    elsewhere = [
        {
            "person": 24,
            "register": "ft",
            "starts_on": dt.date(2025, 4, 1),
            "ends_on": dt.date(2025, 10, 1),
            "by": "self",
            "place": "online",
            "registered_at": at(dt.date(2025, 4, 1), 10, 30),
            "known_at": at(dt.date(2025, 4, 3), 9),
        },
        {"person": 24, "register": "ft", "starts_on": dt.date(2025, 12, 1), "by": "ft", "place": "agency"},
        {"person": 25, "register": "rsa", "starts_on": dt.date(2025, 5, 1), "by": "auto", "place": ""},
    ]
    rows = [*by_cip, *({"known_at": at(row["starts_on"], 9, 5)} | row for row in elsewhere)]
    return [{"id": uid("registration", rank)} | row for rank, row in enumerate(rows)]


def opt_outs() -> list[dict[str, Any]]:
    """Person 7 said it in an interview and changed their mind; person 26 wrote to the DT."""
    return [
        {
            "id": uid("opt-out", 7),
            "person": 7,
            "since": DAY,
            "reason": "reprise d’études",
            "reversed_on": dt.date(2026, 2, 20),
            "known_at": at(DAY, 12),
        },
        {
            "id": uid("opt-out", 26),
            "person": 26,
            "since": dt.date(2025, 3, 10),
            "reason": "naissance",
            "reversed_on": dt.date(2025, 8, 1),
            "known_at": at(dt.date(2025, 3, 11), 9),
        },
    ]


def appointments(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Attended with and without the CIP, missed, moved then attended, never answered; one fixed apart."""
    rows: list[dict[str, Any]] = []
    for row in held:
        if not row.get("appointment_with") or row["person"] == 15:
            continue
        made = {
            "id": uid("appointment", row["person"]),
            "person": row["person"],
            "session": row["session"],
            "organisation": row["appointment_with"],
            "fixed_for": fixed_for(row),
            "status": "fixed",
            "accompaniment_agreed": row["accompaniment"],
            "fixed_at": row["ended_at"],
        }
        rows.append(made)
        if row["person"] in ANSWERS:
            status, accompanied, who = ANSWERS[row["person"]]
            known = made["fixed_for"] + dt.timedelta(hours=2)
            made |= {"status": status, "accompanied": accompanied, "asserted_at": known, "asserted_for": who}
        if row["person"] == 4:
            moved = made["fixed_for"] - dt.timedelta(days=2)
            made |= {"status": "rescheduled", "asserted_at": moved, "asserted_for": OTHER_AGENCY}
            later = made["fixed_for"] + dt.timedelta(days=7)
            rows.append(
                {
                    **{name: made[name] for name in ("person", "session", "organisation", "accompaniment_agreed")},
                    "id": uid("appointment", 4, "again"),
                    "fixed_for": later,
                    "status": "attended",
                    "accompanied": True,
                    "fixed_at": moved,
                    "asserted_at": later + dt.timedelta(days=1),
                    "asserted_for": OPERATOR,
                }
            )
    apart = {
        "id": uid("appointment", 13),
        "person": 13,
        "session": 2,
        "organisation": AGENCY,
        "fixed_for": at(LATER + dt.timedelta(days=10), 14),
        "status": "excused",
        "accompaniment_agreed": False,
        "fixed_at": at(LATER, 18),
        "asserted_at": at(LATER + dt.timedelta(days=10), 16),
        "asserted_for": AGENCY,
    }
    return [*rows, apart]


def told(
    kind: str, person: int, day: dt.date, data: dict[str, Any], *, about: str = "", **values: Any
) -> dict[str, Any]:
    """An event about something of a person, known at five in the afternoon of its day."""
    subject = uid(about, person) if about else None
    event = {"kind": kind, "person": person, "subject": subject, "occurred_on": day, "known_at": at(day, 17)}
    return event | {"data": json.dumps(data, sort_keys=True)} | values


def followed() -> list[dict[str, Any]]:
    """21 follows everything to its end; 22 gives up; 23 is examined twice and waits for an answer."""
    course = {"path": "P200", "mode": "in_person", "hours": 200, "target": "A1", "compulsory": True}
    digital = {"path": "digital", "mode": "digital", "hours": None, "target": "A2", "compulsory": False}
    civic, begun = {"days": 4, "hours": None}, {"path": "P200", "mode": "in_person"}
    end = {
        "path": "P200",
        "reason": "completed",
        "hours_attended": 190,
        "written": "A1",
        "oral": "A1",
        "attained": True,
    }
    left = {"path": "P200", "reason": "dropped", "hours_attended": 40, "written": None, "oral": None, "attained": None}
    exam, diploma = {"purpose": "multi_year_card", "passed": False}, {"procedure": "enic_naric"}
    spring, summer, autumn = dt.date(2025, 4, 2), dt.date(2025, 9, 1), dt.date(2025, 10, 6)
    first_try, second_try = dt.date(2026, 1, 20), dt.date(2026, 2, 12)
    body = {"organisation": TRAINING}
    return [
        *(told("civic_prescribed", number, OLD, civic, about="civic") for number in (21, 22, 23)),
        *(told("language_prescribed", number, OLD, course, about="course", **body) for number in (21, 22, 23)),
        *(told("language_started", number, spring, begun, about="course", **body) for number in (21, 22)),
        told("civic_attended", 21, dt.date(2025, 5, 6), {"days": 4, "of": 4}, about="civic"),
        told("civic_attended", 22, dt.date(2025, 5, 6), {"days": 2, "of": 4}, about="civic"),
        told("language_ended", 21, summer, end, about="course", **body),
        told("language_ended", 22, summer, left, about="course", **body),
        told("end_of_cir_interview", 21, dt.date(2025, 9, 16), {"level": "A1", "situation": "training"}, about="end",
             known_at=at(dt.date(2025, 9, 16), 14)),
        told("language_prescribed", 21, autumn, digital, about="complement", **body),
        told("civic_exam_taken", 23, first_try, exam | {"attempt": 1}, about="first exam"),
        told("civic_exam_taken", 23, second_try, exam | {"attempt": 2, "passed": True}, about="second exam"),
        told("recognition_requested", 21, autumn, diploma, about="diploma"),
        told("recognition_answered", 21, first_try, diploma | {"result": "partly"}, about="diploma"),
        told("recognition_requested", 23, autumn, {"procedure": "regulated_profession"}, about="diploma"),
    ]  # fmt: skip


def events() -> list[dict[str, Any]]:
    """What is followed, then facts of no room: about a person, about nothing, about an organisation alone."""
    return [
        *followed(),
        {
            "kind": "person_corrected",
            "person": 21,
            "occurred_on": dt.date(2025, 3, 6),
            "known_at": at(dt.date(2025, 3, 6), 10),
            "data": '{"motive": "FAMILIAL", "nationality": "ML", "sex": "H"}',
        },
        {
            "kind": "import_applied",
            "subject": uid("need"),
            "organisation": TRAINING,
            "occurred_on": dt.date(2025, 3, 7),
            "known_at": at(dt.date(2025, 3, 7), 10),
            "data": '{"accepted": 3, "kind": "offers", "rejected": 0}',
        },
    ]


def records() -> list[dict[str, Any]]:
    """A few lines of the lists of other bodies: the same persons, otherwise written, and a stranger."""
    rows = []
    for rank, (name, number) in enumerate(
        (("ft", 1), ("ft", 10), ("rsa", 13), ("agir", 14), ("ofii", 1), ("ft", None))
    ):
        of = person(number or 44)
        rows.append(
            {
                "list": name,
                "record": f"{name}-{rank}",
                "person": number,
                "family_name": of["family_name"].upper(),
                "birth_name": "",
                "given_names": of["given_names"],
                "native_name": "",
                "birth_date": of["birth_date"],
                "sex": of["sex"],
                "nationality": of["nationality"],
                "birth_country": of["nationality"],
                "postcode": "57000",
                "city": "METZ",
                "address": "",
                "phone": "",
                "email": "",
                "foreigner_number": of["foreigner_number"],
                "nir": "",
                "ft_number": of["ft_number"],
                "since": dt.date(2025, 6, 2),
            }
        )
    return rows
