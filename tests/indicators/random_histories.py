"""Random histories: facts in any order of knowledge, retracted at times, corrected, moved, incomplete."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID

import polars as pl

from tests.indicators.naive import Fact, later

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2026, 3, 1)
DEPARTMENTS = ("57", "54", "31", "")
LEVELS = (None, "infra A1", "A1", "A2", "B1", "B2", "B1")


class Story:
    """Facts as they were recorded: (recorded_at, kind, person, subject, on, data, rank of the fact retracted)."""

    def __init__(self, seed: int, people: int = 40) -> None:
        self.draw = random.Random(seed)
        self.rows: list[dict[str, Any]] = []
        for number in range(people):
            self.live(self.uid(), number)
        for _ in range(people // 4):
            self.tell(
                "need_opened",
                None,
                self.uid(),
                self.day(),
                occupation=self.draw.choice("GKN"),
                level="A1",
                posts=self.draw.randint(1, 8),
                shortage=self.maybe(0.6),
                department=self.draw.choice(DEPARTMENTS),
            )
        self.link(people // 3)
        self.rows.sort(key=lambda row: row["recorded_at"])
        self.retract()

    def uid(self) -> UUID:
        return UUID(int=self.draw.getrandbits(128), version=4)

    def day(self, first: dt.date = FIRST, last: dt.date = LAST) -> dt.date:
        return first + dt.timedelta(self.draw.randint(0, max((last - first).days, 0)))

    def maybe(self, chance: float = 0.5) -> bool:
        return self.draw.random() < chance

    def after(self, day: dt.date, most: int = 200) -> dt.date:
        return day + dt.timedelta(self.draw.randint(0, most))

    def tell(self, kind: str, person: UUID | None, subject: UUID | None, on: dt.date, /, **data: Any) -> None:
        """Known the same day or up to a year later."""
        lag = self.draw.choice((0, 0, 3, 30, 365))
        at = dt.datetime.combine(on, dt.time(12), dt.UTC) + dt.timedelta(lag, self.draw.randint(0, 20_000))
        self.rows.append(
            {"kind": kind, "person": person, "subject": subject, "on": on, "recorded_at": at, "data": data, "of": None}
        )

    def retract(self) -> None:
        """One fact in twelve did not happen, as one learns later."""
        undone = {id(row["of"]) for row in self.rows if row["of"] is not None}
        for row in list(self.rows):
            if row["of"] is None and id(row) not in undone and self.maybe(1 / 12):
                at = row["recorded_at"] + dt.timedelta(self.draw.randint(1, 300))
                self.rows.append(
                    {**row, "kind": "retraction", "recorded_at": at, "data": {"reason": "erreur"}, "of": row}
                )
        self.rows.sort(key=lambda row: row["recorded_at"])

    def link(self, links: int) -> None:
        """Agents judge that two records are one person, three at times, and take some of it back."""
        people = sorted({row["person"] for row in self.rows if row["person"]})
        for _ in range(links):
            on = self.day(dt.date(2024, 6, 1))
            group = self.draw.sample(people, self.draw.choice((2, 2, 3)))
            joined = [self.joined(who, self.after(on, 60 * rank), self.uid()) for rank, who in enumerate(group)]
            for row in joined:
                row["data"] = joined[0]["data"]
            if self.maybe(0.4):
                for row in joined[self.draw.choice((0, 0, 2)) :]:
                    self.undone(row)

    def joined(self, who: UUID, on: dt.date, identity: UUID) -> dict[str, Any]:
        self.tell("identity_joined", who, None, on, identity=str(identity))
        return self.rows[-1]

    def undone(self, row: dict[str, Any]) -> None:
        at = row["recorded_at"] + dt.timedelta(self.draw.randint(1, 200))
        self.rows.append({**row, "kind": "retraction", "recorded_at": at, "data": {"reason": "déliées"}, "of": row})

    def profile(self) -> dict[str, Any]:
        born = self.draw.choice(
            (None, "2000-02-29", "1999-06-15", "1960-01-01", "2030-01-01", "1985-12-31", "2001-03-01")
        )
        return {
            "sex": self.draw.choice(("F", "H", None)),
            "birth_date": born,
            "nationality": "ML",
            "motive": self.draw.choice(("ASILE", "FAMILIAL", "ECONOMIQUE", None)),
            "department": self.draw.choice(DEPARTMENTS) or None,
        }

    def live(self, who: UUID, number: int) -> None:
        signed = self.draw.choice((dt.date(2024, 2, 29), dt.date(2024, 11, 30), self.day(last=dt.date(2025, 6, 1))))
        if self.maybe(0.93):
            self.tell("person_recorded", who, None, signed, **self.profile())
        if self.maybe(0.2):
            self.tell("person_corrected", who, None, self.after(signed), **self.profile())
        if self.maybe(0.9):
            self.tell("contract_signed", who, self.uid(), signed, kind=self.draw.choice(("cir", "cir", "cir", "cai")))
        if self.maybe(0.15):
            self.tell("contract_signed", who, self.uid(), self.after(signed), kind="cir")
        if self.maybe(0.8):
            self.tell(
                "profile_declared",
                who,
                None,
                signed,
                bpi=self.maybe(0.3),
                wishes_work=self.maybe(0.7),
                schooling=self.draw.choice(("primaire_sans_diplome", "superieur_bac_3", "", "inconnu")),
            )
        if self.maybe(0.3):
            self.tell("fact_stated", who, self.uid(), self.after(signed), code="etudes.niveau", value="superieur_bac_2")
        if self.maybe(0.3):
            self.tell("fact_stated", who, self.uid(), signed, code="emploi.recherche", value=self.maybe())
        if self.maybe(0.3):
            self.tell(
                "moved", who, None, self.after(signed, 400), **{"from": "57", "to": self.draw.choice(("75", "93"))}
            )
        if self.maybe(0.1):
            self.tell("departed", who, None, self.after(signed, 600), reason="étranger")
        for _ in range(self.draw.randint(0, 3)):
            self.tell(
                "situation_observed",
                who,
                self.uid(),
                self.draw.choice((signed, self.after(signed, 60))),
                situation=self.draw.choice(("none", "cdi", "student", "other")),
            )
        for _ in range(self.draw.randint(0, 2)):
            on = self.draw.choice((later(signed, 3), later(signed, -3), self.after(signed, 400), signed))
            self.tell(
                "registered", who, self.uid(), on, register=self.draw.choice(("ft", "ft", "rsa")), by="self", place=""
            )
        if self.maybe(0.15):
            self.tell("opted_out", who, self.uid(), self.after(signed))
        self.learn(who, signed)
        self.meet(who, signed)
        self.work(who, signed)
        self.approach(who, signed)
        self.stay(who, signed)

    def stay(self, who: UUID, signed: dt.date) -> None:
        """Residence documents that follow each other, overlap, or leave a hole."""
        noted = signed
        for _ in range(self.draw.randint(0, 3)):
            ends = noted + dt.timedelta(self.draw.choice((-10, 0, 90, 90, 180)))
            self.tell(
                "document_noted",
                who,
                self.uid(),
                noted,
                document=self.draw.choice(("recepisse", "csp", "driving_licence")),
                expires_on=ends.isoformat(),
            )
            noted = self.draw.choice((noted, ends, self.after(ends, 60), self.after(noted, 80)))
        if self.maybe(0.3):
            self.tell("immersion_held", who, self.uid(), self.after(signed, 400), days=10, occupation="K1302")

    def learn(self, who: UUID, signed: dt.date) -> None:
        for _ in range(self.draw.randint(0, 2)):
            course, on = self.uid(), self.draw.choice((signed, self.after(signed, 25), self.after(signed)))
            begins = self.after(on)
            ends = self.after(begins)
            if self.maybe(0.95):
                self.tell(
                    "language_prescribed",
                    who,
                    course,
                    on,
                    path="P200",
                    mode="in_person",
                    compulsory=True,
                    hours=self.draw.choice((None, 100, 200, 400)),
                    target=self.draw.choice(("A1", "A2", "B1")),
                )
            if self.maybe(0.8):
                self.tell("language_started", who, course, begins, path="P200", mode="in_person")
            if self.maybe(0.7):
                self.tell(
                    "language_ended",
                    who,
                    course,
                    ends,
                    path="P200",
                    hours_attended=90,
                    attained=None,
                    reason=self.draw.choice(("completed", "completed", "dropped")),
                    written=self.draw.choice(LEVELS),
                    oral=self.draw.choice(LEVELS),
                )
        civic = self.uid()
        if self.maybe(0.8):
            self.tell("civic_prescribed", who, civic, signed, days=4, hours=None)
        if self.maybe(0.7):
            self.tell("civic_attended", who, civic, self.after(signed), days=self.draw.choice((2, 4)), of=4)
        for _ in range(self.draw.randint(0, 2)):
            self.tell(
                "assessed",
                who,
                self.uid(),
                self.after(signed, 500),
                overall="A1",
                kind="initial",
                written=self.draw.choice(LEVELS) or "",
                oral=self.draw.choice(LEVELS) or "",
            )
        if self.maybe(0.5):
            self.tell(
                "civic_exam_taken",
                who,
                self.uid(),
                self.after(signed, 500),
                purpose="multi_year_card",
                attempt=1,
                passed=self.maybe(0.7),
            )
        if self.maybe(0.5):
            self.tell(
                "end_of_cir_interview", who, self.uid(), self.after(later(signed, 11), 90), level="A1", situation="none"
            )

    def meet(self, who: UUID, signed: dt.date) -> None:
        for _ in range(self.draw.randint(0, 2)):
            one, sent = self.uid(), self.after(signed, 60)
            self.tell("referral_sent", who, one, sent, to="france_travail", reason="employment")
            for kind in ("referral_accepted", "referral_declined", "referral_silent"):
                if self.maybe(0.35):
                    self.tell(kind, who, one, self.after(sent, 20), to="france_travail")
            for attempt in (1, 2):
                if self.maybe(0.4):
                    on = self.draw.choice((sent + dt.timedelta(15), sent + dt.timedelta(30), self.after(sent, 60)))
                    self.tell("referral_appointment_attended", who, one, on, to="france_travail", attempt=attempt)
                if self.maybe(0.15):
                    took_place = self.maybe()
                    self.tell(
                        "referral_dispute_settled",
                        who,
                        one,
                        self.after(sent, 90),
                        to="france_travail",
                        attempt=attempt,
                        took_place=took_place,
                    )
            if self.maybe(0.5):
                issue = self.draw.choice(("job", "training", "need_met", "abandoned", "untold", "other"))
                self.tell("referral_ended", who, one, self.after(sent, 300), to="france_travail", outcome=issue)
        fixed = self.uid()
        if self.maybe(0.4):
            self.tell("appointment_fixed", who, fixed, signed, fixed_for="2025-01-01T09:00:00Z", accompaniment=False)
            if self.maybe(0.8):
                result = self.draw.choice(("attended", "missed", "excused", "cancelled", "rescheduled"))
                self.tell("appointment_result", who, fixed, self.after(signed, 30), result=result, accompanied=False)
        for _ in range(self.draw.randint(0, 2)):
            self.tell(
                "attendance",
                who,
                self.uid(),
                signed,
                session=str(self.uid()),
                late_minutes=0,
                walk_in=False,
                status=self.draw.choice(("present", "absent", "excused")),
                reason=self.draw.choice(("childcare", "ill", "")),
            )

    def work(self, who: UUID, signed: dt.date) -> None:
        for _ in range(self.draw.randint(0, 3)):
            job = self.uid()
            begins = self.draw.choice((later(signed, 12), signed, self.after(signed, 700), signed - dt.timedelta(20)))
            self.tell(
                "job_started",
                who,
                job,
                begins,
                occupation=self.draw.choice("GKN"),
                contract="cdd",
                months=6,
                shortage=self.maybe(),
                after="referral",
            )
            if self.maybe(0.4):
                self.tell("job_checked", who, job, later(begins, 6), months=6, in_post=self.maybe())
            if self.maybe(0.5):
                self.tell("job_ended", who, job, self.after(begins, 300), contract="cdd", reason="end")
        if self.maybe(0.4):
            course, on = self.uid(), self.after(signed)
            begins = self.after(on)
            self.tell("training_proposed", who, course, on, training="poe")
            if self.maybe(0.8):
                self.tell("training_started", who, course, begins, training="poe")
            if self.maybe(0.8):
                self.tell("training_ended", who, course, self.after(begins), training="poe", completed=self.maybe(0.8))
        if self.maybe(0.3):
            self.tell("rights_opened", who, self.uid(), self.after(signed), right="rsa")

    def approach(self, who: UUID, signed: dt.date) -> None:
        one = self.uid()
        if self.maybe(0.5):
            on = self.after(signed)
            outcome = self.draw.choice(("recruited", "vocational_training", "language_training"))
            steps = (
                ("approach_targeted", {"category": "A"}),
                ("approach_received", {}),
                ("approach_offered", {}),
                ("approach_outcome", {"outcome": outcome}),
            )
            for kind, data in steps:
                if self.maybe(0.85):
                    self.tell(kind, who, one, on, approach=self.draw.choice(("ile_de_france_2025",) * 1), **data)
                on = self.after(on, 90)
        if self.maybe(0.4):
            agir, on = self.uid(), self.after(signed)
            self.tell("agir_proposed", who, agir, on, by="ofii")
            for kind, data in (
                ("agir_oriented", {"days": 3}),
                ("agir_entered", {}),
                ("agir_exited", {"reason": self.draw.choice(("job", "housing", "job_and_housing", "dropped"))}),
            ):
                on = self.after(on, 120)
                if self.maybe(0.8):
                    self.tell(kind, who, agir, on, **data)

    def known(self, day: dt.date | None = None) -> list[Fact]:
        """The facts that stood at the end of `day` (in UTC: no fact is recorded near midnight), or that stand now."""
        there = [(n, row) for n, row in enumerate(self.rows, 1) if day is None or row["recorded_at"].date() <= day]
        gone = {id(row["of"]) for _, row in there if row["of"] is not None}
        return [
            Fact(n, row["kind"], row["person"], row["subject"], row["on"], row["data"])
            for n, row in there
            if row["of"] is None and id(row) not in gone
        ]

    def frame(self) -> pl.DataFrame:
        """As `made.append` copies it; `retracts` is filled by `retractions`."""
        import json

        return pl.DataFrame(
            {
                "kind": [row["kind"] for row in self.rows],
                "person_id": [str(row["person"]) if row["person"] else None for row in self.rows],
                "subject_id": [str(row["subject"]) if row["subject"] else None for row in self.rows],
                "organisation_id": [None] * len(self.rows),
                "direction": ["metz"] * len(self.rows),
                "actor_id": [None] * len(self.rows),
                "occurred_on": [row["on"] for row in self.rows],
                "recorded_at": [row["recorded_at"] for row in self.rows],
                "data": [json.dumps(row["data"]) for row in self.rows],
                "retracts_id": [self.rank(row["of"]) for row in self.rows],
            },
            schema_overrides={"organisation_id": pl.String, "actor_id": pl.String, "retracts_id": pl.Int64},
        )

    def rank(self, of: dict[str, Any] | None) -> int | None:
        if of is None:
            return None
        return next(n for n, row in enumerate(self.rows, 1) if row is of)
