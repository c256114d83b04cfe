"""A slow second reading of the catalogue, one loop per figure, written from the French sentences alone.

Knows nothing of episodes, persons' lines, SQL or ibis: it walks through the facts that stood on a day.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple

from passerelles.core.periods import BirthDateInFuture
from passerelles.reference import age_bands

ORDER = ("infra A1.1", "infra A1", "A1.1", "A1", "A2", "B1", "B2", "C1", "C2")
HIGHER = {"superieur_bac_2", "superieur_bac_3", "superieur_bac_4_et_plus"}
SCHOOLINGS = HIGHER | {
    "non_scolarise",
    "primaire_sans_diplome",
    "secondaire_sans_diplome",
    "secondaire_brevet",
    "secondaire_cap_bep",
    "secondaire_bac",
    "superieur_sans_diplome",
}


class Fact(NamedTuple):
    position: int
    kind: str
    person: Any
    subject: Any
    on: dt.date
    data: dict[str, Any]


class Line(NamedTuple):
    person: Any
    on: dt.date
    num: int = 1
    den: int = 0
    until: dt.date | None = None
    place: str = ""
    unit: str = ""


def later(day: dt.date, months: int) -> dt.date:
    rank = day.year * 12 + day.month - 1 + months
    year, month = divmod(rank, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def at_least(level: str | None, wanted: str) -> bool:
    return level in ORDER and ORDER.index(level) >= ORDER.index(wanted)


def one_person(facts: list[Fact]) -> list[Fact]:
    """Records last said to share an identity are one person, told under the smallest of their identifiers."""
    said = {fact.person: fact.data["identity"] for fact in sorted(facts) if fact.kind == "identity_joined"}
    groups: dict[str, list[Any]] = defaultdict(list)
    for person, identity in said.items():
        groups[identity].append(person)
    return [fact._replace(person=min(groups[said[fact.person]])) if fact.person in said else fact for fact in facts]


@dataclass
class World:
    """Facts known and standing, read by whoever wants them."""

    facts: list[Fact]
    seen: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        self.by_kind: dict[str, list[Fact]] = defaultdict(list)
        for fact in sorted(self.facts):
            self.by_kind[fact.kind].append(fact)

    def of(self, kind: str) -> list[Fact]:
        return self.by_kind[kind]

    def chain(self, opening: str) -> list[tuple[Fact, list[Fact]]]:
        """Each thing opened by `opening` (its first fact), and everything said of the same subject."""
        first: dict[Any, Fact] = {}
        for fact in self.of(opening):
            if fact.subject not in first or fact.on < first[fact.subject].on:
                first[fact.subject] = fact
        said: dict[Any, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            if fact.subject in first:
                said[fact.subject].append(fact)
        return [(fact, said[subject]) for subject, fact in first.items()]

    # What is known of persons.

    def profile(self, person: Any) -> dict[str, Any]:
        told = [f for f in self.of("person_recorded") + self.of("person_corrected") if f.person == person]
        return max(told).data if told else {}

    def declared(self, person: Any) -> dict[str, Any]:
        """What was declared at the signature, then what was stated in an interview, which prevails."""
        told = [f for f in self.of("profile_declared") if f.person == person]
        found = dict(max(told).data) if told else {}
        for code, key in (("etudes.niveau", "schooling"), ("emploi.recherche", "wishes_work")):
            stated = [f for f in self.of("fact_stated") if f.person == person and f.data["code"] == code]
            if stated:
                found[key] = max(stated).data["value"]
        return found

    def home(self, person: Any, day: dt.date | None) -> str:
        moves = [(f.on, f.position, f.data["to"]) for f in self.of("moved") if f.person == person]
        before = [move for move in moves if day is not None and move[0] <= day]
        return max(before)[2] if before else self.profile(person).get("department") or ""

    def signatures(self) -> dict[Any, dt.date]:
        found: dict[Any, dt.date] = {}
        for fact in self.of("contract_signed"):
            if fact.data["kind"] == "cir":
                found[fact.person] = min(fact.on, found.get(fact.person, fact.on))
        return found

    def situation(self, person: Any, day: dt.date) -> str | None:
        seen = [
            (f.on, f.position, f.data["situation"])
            for f in self.of("situation_observed")
            if f.person == person and f.on <= day
        ]
        return max(seen)[2] if seen else None

    def prescription(self, person: Any, day: dt.date) -> Fact | None:
        near = [
            opened
            for opened, _ in self.chain("language_prescribed")
            if opened.person == person and abs((opened.on - day).days) <= 15
        ]
        near.sort(key=lambda f: (f.on, -(f.data.get("hours") or 0), str(f.subject)))
        return near[0] if near else None

    def registered(self, person: Any) -> list[dt.date]:
        return [o.on for o, _ in self.chain("registered") if o.person == person and o.data["register"] == "ft"]

    def line(self, fact: Fact, on: dt.date | None, num: Any = 1, den: int = 0, until: Any = None) -> list[Line]:
        if on is None:
            return []
        place = fact.data.get("department") if fact.kind == "need_opened" else None
        place = place or self.home(fact.person, fact.on)
        return [Line(fact.person, on, int(num), den, until, place, str(fact.subject))]

    def signed_lines(self, rule: Any) -> list[Line]:
        """`rule(person, day)`: None leaves the person out, else (num, den)."""
        found = []
        for person, day in self.signatures().items():
            answer = rule(person, day)
            if answer is not None:
                num, den = answer
                found.append(Line(person, day, int(num), den, None, self.home(person, day), str(person)))
        return found


def first(facts: list[Fact], *kinds: str) -> dt.date | None:
    return min((f.on for f in facts if f.kind in kinds), default=None)


def value(facts: list[Fact], kind: str, key: str) -> Any:
    told = [f.data.get(key) for f in facts if f.kind == kind and f.data.get(key) is not None]
    return max(told) if told else None


def answer_of(facts: list[Fact]) -> str | None:
    kinds = {f.kind for f in facts}
    for name in ("accepted", "declined", "silent"):
        if f"referral_{name}" in kinds:
            return name
    return None


def count(code: str, w: World) -> list[Line]:
    """Every line that the figure counts, whenever it happened."""
    for room in (_signature, _training, _referral, _work, _approach, _documents):
        found = room(code, w)
        if found:
            return found
    return []


def _signature(code: str, w: World) -> list[Line]:
    def rule(person: Any, day: dt.date) -> tuple[Any, int] | None:
        match code:
            case "signataires":
                return 1, 0
            case "formation_linguistique":
                return w.prescription(person, day) is not None, 1
            case "formation_a1":
                course = w.prescription(person, day)
                return course is not None and course.data.get("target") == "A1", 1
            case "amdfl":
                return (1, 0) if w.prescription(person, day) is None else None
            case "sans_activite" | "en_activite":
                now = w.situation(person, day)
                if now is None:
                    return None
                if code == "en_activite":
                    return now in ("cdi", "cdd", "other_job"), 1
                return now not in ("cdi", "cdd", "other_job", "training", "student"), 1
            case "diplomes_superieur":
                school = w.declared(person).get("schooling")
                return (school in HIGHER, 1) if school in SCHOOLINGS else None
            case "souhait_non_inscrits":
                if w.declared(person).get("wishes_work") is not True:
                    return None
                return not any(on <= day for on in w.registered(person)), 1
            case "refus_orientation":
                return any(o.person == person for o, _ in w.chain("opted_out")), 1
            case "entretiens_fin_cir":
                if later(day, 12) > w.seen:
                    return None
                held = [o.on for o, _ in w.chain("end_of_cir_interview") if o.person == person]
                return bool(held) and min(held) <= w.seen, 1
            case "emploi_12_mois":
                near = sorted(w.registered(person), key=lambda on: (abs((on - day).days), on))
                if not near or not later(day, -3) <= near[0] <= later(day, 3) or later(day, 12) > w.seen:
                    return None
                jobs = [o.on for o, _ in w.chain("job_started") if o.person == person and o.on >= day]
                return bool(jobs) and min(jobs) <= later(day, 12), 1
        raise LookupError(code)

    try:
        return w.signed_lines(rule)
    except LookupError:
        return []


def _training(code: str, w: World) -> list[Line]:
    found: list[Line] = []
    for opened, said in w.chain("language_prescribed"):
        ended, outcome = first(said, "language_ended"), value(said, "language_ended", "reason")
        written, oral = value(said, "language_ended", "written"), value(said, "language_ended", "oral")
        target = opened.data.get("target")
        done = outcome == "completed" and ended is not None
        assessed = written is not None and oral is not None
        if code == f"atteinte_{str(target).lower()}" and done and assessed:
            found += w.line(opened, ended, at_least(written, target) and at_least(oral, target), 1)
        if code == "formations_non_evaluees" and done and not assessed:
            found += w.line(opened, ended)
        if code == "prescriptions_linguistiques":
            found += w.line(opened, opened.on)
        if code == "prescriptions_suivies_entree":
            begun = first(said, "language_started")
            found += w.line(opened, opened.on, begun is not None and begun <= w.seen, 1)
        if code == "entrees_formation_linguistique":
            found += w.line(opened, first(said, "language_started"))
        if code == "abandons_linguistiques" and ended is not None and outcome is not None:
            found += w.line(opened, ended, outcome == "dropped", 1)
    for opened, said in w.chain("civic_prescribed"):
        if code == "formation_civique":
            ended, days = first(said, "civic_attended"), value(said, "civic_attended", "days")
            whole = ended is not None and ended <= w.seen and (days or 0) >= 4
            found += w.line(opened, opened.on, whole, 1)
    if code in ("prets_csp", "prets_cr"):
        level = {"prets_csp": "A2", "prets_cr": "B1"}[code]
        tested: dict[Any, dt.date] = {}
        for opened, said in w.chain("assessed"):
            if at_least(value(said, "assessed", "written"), level) and at_least(value(said, "assessed", "oral"), level):
                tested[opened.person] = min(opened.on, tested.get(opened.person, opened.on))
        passed: dict[Any, dt.date] = {}
        for opened, said in w.chain("civic_exam_taken"):
            if any(f.data["passed"] for f in said):
                passed[opened.person] = min(opened.on, passed.get(opened.person, opened.on))
        for person in tested.keys() & passed.keys():
            kinds = ("person_recorded", "person_corrected", "profile_declared", "contract_signed")
            if not any(f.person == person for kind in kinds for f in w.of(kind)):
                continue
            gone = min((f.on for f in w.of("departed") if f.person == person), default=None)
            place = w.home(person, w.signatures().get(person))
            found.append(Line(person, max(tested[person], passed[person]), 1, 0, gone, place, str(person)))
    return found


def _referral(code: str, w: World) -> list[Line]:
    found: list[Line] = []
    for opened, said in w.chain("referral_sent"):
        not_held = {
            f.data["attempt"] for f in said if f.kind == "referral_dispute_settled" and not f.data["took_place"]
        }
        held = [f for f in said if f.data.get("attempt") not in not_held]
        met, answer = first(held, "referral_appointment_attended"), answer_of(said)
        match code:
            case "orientations":
                found += w.line(opened, opened.on)
            case "taux_acceptation" | "taux_refus" | "taux_silence":
                wanted = {"taux_acceptation": "accepted", "taux_refus": "declined", "taux_silence": "silent"}[code]
                found += w.line(opened, opened.on, answer == wanted, 1)
            case "taux_premier_rdv":
                found += w.line(opened, opened.on, met is not None and met <= w.seen, 1)
            case "rdv_15_jours" | "rdv_30_jours":
                days = 15 if "15" in code else 30
                if (w.seen - opened.on).days >= days:
                    found += w.line(opened, opened.on, met is not None and (met - opened.on).days <= days, 1)
            case "delai_premier_rdv":
                found += w.line(opened, met, (met - opened.on).days if met else 0, 1)
            case "personnes_suivies":
                found += w.line(opened, met)
        over, issue = first(said, "referral_ended"), value(said, "referral_ended", "outcome")
        if over is None:
            continue
        match code:
            case "accompagnements_clos":
                found += w.line(opened, over)
            case "clotures_positives" if issue not in (None, "untold"):
                found += w.line(opened, over, issue in ("job", "training", "need_met"), 1)
            case "duree_accompagnement" if met is not None and met <= over:
                found += w.line(opened, over, (over - met).days, 1)
    if code == "inscriptions_ft":
        for opened, _ in w.chain("registered"):
            if opened.data["register"] == "ft":
                found += w.line(opened, opened.on)
    if code == "rdv_pfa_honores":
        for opened, said in w.chain("appointment_fixed"):
            result = value(said, "appointment_result", "result")
            if result in ("attended", "missed", "excused"):
                found += w.line(opened, first(said, "appointment_result"), result == "attended", 1)
    if code == "absences_garde_enfant":
        for opened, said in w.chain("attendance"):
            if value(said, "attendance", "status") in ("absent", "excused"):
                found += w.line(opened, opened.on, value(said, "attendance", "reason") == "childcare", 1)
    return found


def _work(code: str, w: World) -> list[Line]:
    found: list[Line] = []
    for opened, said in w.chain("job_started"):
        shortage = value(said, "job_started", "shortage") is True
        match code:
            case "recrutements" | "personnes_recrutees":
                found += w.line(opened, opened.on)
            case "recrutements_en_tension":
                found += w.line(opened, opened.on) if shortage else []
            case "couverture_metiers_en_tension":
                found += w.line(opened, opened.on, 1, 0) if shortage else []
            case "maintien_6_mois":
                checks = [f.data["in_post"] for f in said if f.kind == "job_checked"]
                found += w.line(opened, opened.on, any(checks), 1) if checks else []
            case "en_emploi":
                found += w.line(opened, opened.on, until=first(said, "job_ended"))
    if code == "immersions":
        for opened, _ in w.chain("immersion_held"):
            found += w.line(opened, opened.on)
    for opened, said in w.chain("need_opened"):
        posts = value(said, "need_opened", "posts") or 0
        if value(said, "need_opened", "shortage") is True:
            if code == "postes_en_tension":
                found += w.line(opened, opened.on, posts)
            if code == "couverture_metiers_en_tension":
                found += w.line(opened, opened.on, 0, posts)
    for opened, said in w.chain("training_proposed"):
        if code == "entrees_formation":
            found += w.line(opened, first(said, "training_started"))
        if code in ("retour_emploi_fin", "retour_emploi_6_mois"):
            ended = first(said, "training_ended")
            if ended is None or not value(said, "training_ended", "completed"):
                continue
            looked = later(ended, 6 if "6" in code else 0)
            if looked <= w.seen:
                spells = [(o.on, first(s, "job_ended")) for o, s in w.chain("job_started") if o.person == opened.person]
                works = any(start <= looked and (end is None or end > looked) for start, end in spells)
                found += w.line(opened, ended, works, 1)
    return found


def _approach(code: str, w: World) -> list[Line]:
    found: list[Line] = []
    for opened, said in w.chain("approach_targeted"):
        if opened.data["approach"] != "ile_de_france_2025":
            continue
        received, offered = first(said, "approach_received"), first(said, "approach_offered")
        done, outcome = first(said, "approach_outcome"), value(said, "approach_outcome", "outcome")
        hired, vocational = outcome == "recruited", outcome == "vocational_training"
        language = outcome == "language_training"
        in_time = done is not None and done <= w.end
        steps: dict[str, tuple[dt.date | None, Any, int]] = {
            "idf_vivier": (opened.on, 1, 0),
            "idf_recus": (received, 1, 0),
            "idf_accompagnements": (offered, 1, 0),
            "idf_recrutements": (done if hired else None, 1, 0),
            "idf_formations": (done if vocational or language else None, 1, 0),
            "idf_formations_professionnelles": (done if vocational else None, 1, 0),
            "idf_formations_linguistiques": (done if language else None, 1, 0),
            "idf_part_recus": (opened.on, received is not None and received <= w.end, 1),
            "idf_part_proposes": (received, offered is not None and offered <= w.end, 1),
            "idf_part_recrutes": (offered, in_time and hired, 1),
            "idf_part_formation_professionnelle": (offered, in_time and vocational, 1),
            "idf_part_formation_linguistique": (offered, in_time and language, 1),
        }
        if code in steps:
            found += w.line(opened, *steps[code])
    for opened, said in w.chain("agir_proposed"):
        oriented, entered = first(said, "agir_oriented"), first(said, "agir_entered")
        left = first(said, "agir_exited")
        match code:
            case "agir_orientes":
                found += w.line(opened, oriented)
            case "agir_entrees":
                found += w.line(opened, entered)
            case "agir_sorties":
                found += w.line(opened, left)
            case "agir_delai":
                found += w.line(opened, oriented, (oriented - opened.on).days if oriented else 0, 1)
            case "agir_logement":
                why = value(said, "agir_exited", "reason")
                if why is not None:
                    found += w.line(opened, left, why in ("housing", "job_and_housing"), 1)
            case "agir_en_cours":
                found += w.line(opened, entered, until=left)
            case "agir_droits" | "agir_emploi_formation":
                kinds = ("rights_opened",) if code == "agir_droits" else ("job_started", "training_proposed")
                had = [o.on for kind in kinds for o, _ in w.chain(kind) if o.person == opened.person]
                since = any(entered is not None and entered <= on <= w.seen for on in had)
                found += w.line(opened, entered, since, 1)
    return found


def _documents(code: str, w: World) -> list[Line]:
    """Residence documents; a licence is none."""
    if code not in ("documents_renouveles", "sans_document_valide"):
        return []
    held: dict[Any, list[Fact]] = defaultdict(list)
    for opened, _ in w.chain("document_noted"):
        if opened.data["document"] != "driving_licence":
            held[opened.person].append(opened)
    found: list[Line] = []
    for person, documents in held.items():
        ends = {fact.subject: dt.date.fromisoformat(fact.data["expires_on"]) for fact in documents}
        if code == "documents_renouveles":
            for fact in documents:
                end = ends[fact.subject]
                if end < w.seen:
                    better = [
                        other
                        for other in documents
                        if other.on <= end and (ends[other.subject], other.subject) > (end, fact.subject)
                    ]
                    found += w.line(fact, end, bool(better), 1)
            continue
        # The document that counts on the last day: the one that lasts longest of those noted by then.
        noted = [fact for fact in documents if fact.on <= w.end]
        gone = min((f.on for f in w.of("departed") if f.person == person), default=None)
        if not noted or (gone is not None and gone <= w.end):
            continue
        last = max(noted, key=lambda fact: (ends[fact.subject], fact.subject))
        if ends[last.subject] < w.end:
            found += w.line(last, max(ends[last.subject] + dt.timedelta(1), last.on))
    return found


DISTINCT = {"personnes_suivies", "personnes_recrutees", "agir_orientes", "agir_entrees"}
CUMULATIVE = {
    "idf_vivier",
    "idf_recus",
    "idf_accompagnements",
    "idf_recrutements",
    "idf_formations",
    "idf_formations_professionnelles",
    "idf_formations_linguistiques",
}
STOCKS = {"prets_csp", "prets_cr", "en_emploi", "agir_en_cours", "sans_document_valide"}


def table(
    code: str, facts: list[Fact], start: dt.date, end: dt.date, seen: dt.date, by: tuple[str, ...], place: str = ""
) -> dict[tuple[str, ...], tuple[int, int]]:
    """num and den of each cell; cells that hold nothing are left out."""
    w = World(one_person(facts), seen, end)
    lines = [line for line in count(code, w) if not place or line.place == place]
    if code in STOCKS:
        lines = [line for line in lines if line.on <= end and (line.until is None or line.until > end)]
    else:
        lines = [line for line in lines if start <= line.on <= end]
    if code in DISTINCT | CUMULATIVE:
        kept: dict[Any, Line] = {}
        for line in sorted(lines, key=lambda each: (each.on, each.unit)):
            kept.setdefault(line.person, line)
        lines = list(kept.values())
    nums: Counter[tuple[str, ...]] = Counter()
    dens: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        key = tuple(_code(w, dimension, line) for dimension in by)
        nums[key] += line.num
        dens[key] += line.den
    return {key: (nums[key], dens[key]) for key in nums.keys() | dens.keys() if nums[key] or dens[key]}


def _code(w: World, dimension: str, line: Line) -> str:
    profile = w.profile(line.person)
    match dimension:
        case "sexe":
            return profile.get("sex") or "non_renseigne"
        case "motif":
            return profile.get("motive") or "non_renseigne"
        case "departement":
            return line.place or "non_renseigne"
        case "public":
            if w.declared(line.person).get("bpi") is True:
                return "bpi"
            return "signataire_cir" if line.person in w.signatures() else "autre_epa"
        case "tranche" | "tranche_hg":
            scheme = "metz" if dimension == "tranche" else "haute_garonne"
            born = profile.get("birth_date")
            try:
                return age_bands.band(scheme, dt.date.fromisoformat(born) if born else None, line.on).code
            except BirthDateInFuture:
                return age_bands.UNCLASSIFIED
    raise KeyError(dimension)
