"""A simulation as plain values, for JSON, and as a page of documentation. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from passerelles.core.answers import Verdict
from passerelles.core.periods import date_fr
from passerelles.orientation.engine.evaluation import RuleBook
from passerelles.orientation.engine.recommendation import Proposal
from passerelles.orientation.engine.simulation import NO_BODY, Tally, World
from passerelles.reference import parameters, register, territories

MADE = frozenset({"recommended", "to_weigh"})
NO_BODY_FR = "Inscrits sans orientation à proposer (en emploi, ou ne cherchant pas)"


def as_json(
    title: str,
    cohort: Mapping[str, Any],
    before: World,
    after: World,
    tally: Tally,
    *,
    book: RuleBook,
    proposals: Sequence[Proposal],
    receivers: Sequence[str],
) -> dict[str, Any]:
    """`rules` and `proposals`: those that change; `places`: persons to receive, by body; `departments`: the same."""
    titles = {version.code: version.title for version in book.versions}
    received = _received(tally)
    bodies = {each.code: each.title for each in proposals if each.code in receivers} | {NO_BODY: NO_BODY_FR}
    kept = [code for code in bodies if any(code in pair for _, pair in received)]
    return {
        "title": title,
        "cohort": {**cohort, "persons": tally.persons.total(), "touched": tally.touched.total()},
        "before": _world(before),
        "after": _world(after),
        "rules": _rules(tally, titles),
        "proposals": _proposals(tally, proposals),
        "places": [{"code": code, "title": bodies[code], **_places(received, code)} for code in kept],
        "departments": [
            {
                "code": department,
                "name": territories.department(department).name,
                "persons": tally.persons[department],
                "touched": tally.touched[department],
                "places": {code: _places(received, code, department) for code in kept},
            }
            for department in sorted(tally.persons)
        ],
    }


Received = Counter[tuple[str, tuple[str, str]]]


def _received(tally: Tally) -> Received:
    found: Received = Counter()
    for (department, section, _, one, other), n in tally.passages.items():
        if section == "receiver":
            found[department, (one, other)] += n
    return found


def _places(received: Received, code: str, department: str | None = None) -> dict[str, int]:
    counts = [0, 0]
    for (where, pair), n in received.items():
        if department in (None, where):
            for side in (0, 1):
                counts[side] += n if pair[side] == code else 0
    return {"before": counts[0], "after": counts[1], "more": counts[1] - counts[0]}


def _world(world: World) -> dict[str, Any]:
    return {
        "on": world.on.isoformat(),
        "territory": str(world.territory),
        "values": [
            {"key": key, "label": parameters.parameter(key).label, "value": _plain(value), "shown": _shown(value)}
            for key, value in world.values.items()
        ],
        "without": sorted(world.without),
    }


def _plain(value: register.Value) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _shown(value: register.Value) -> str:
    match value:
        case bool():
            return "oui" if value else "non"
        case dt.date():
            return date_fr(value)
        case tuple():
            return ", ".join(map(str, value))
    return str(value)


def _rules(tally: Tally, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    yes = Verdict.YES.value
    found = []
    changed = tally.changed("rule")
    for code, title in titles.items():
        if code in changed:
            pairs = changed[code]
            found.append(
                {
                    "code": code,
                    "title": title,
                    "become_yes": sum(n for (_, now), n in pairs.items() if now == yes),
                    "cease_yes": sum(n for (was, _), n in pairs.items() if was == yes),
                    "become_unknown": sum(n for (_, now), n in pairs.items() if now == Verdict.UNKNOWN.value),
                    "cease_unknown": sum(n for (was, _), n in pairs.items() if was == Verdict.UNKNOWN.value),
                }
            )
    return found


def _proposals(tally: Tally, proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    found = []
    changed = tally.changed("proposal")
    for proposal in proposals:
        pairs = changed.get(proposal.code, {})
        become = sum(n for (was, now), n in pairs.items() if now in MADE and was not in MADE)
        cease = sum(n for (was, now), n in pairs.items() if was in MADE and now not in MADE)
        if become or cease:
            found.append(
                {
                    "code": proposal.code,
                    "title": proposal.title,
                    "kind": proposal.kind.value,
                    "become": become,
                    "cease": cease,
                }
            )
    return found


def as_markdown(told: Mapping[str, Any], command: str) -> str:
    """The page kept in the documentation: what was asked, what it gives, department by department."""
    cohort, before, after = told["cohort"], told["before"], told["after"]
    lines = [
        f"# Simulation : {told['title']}",
        "",
        f"Écrite par `{command}`. Personnes fictives, calées sur les chiffres publiés "
        f"(signataires de {cohort['years']}, graine {cohort['seed']}), comme si chacune signait ce jour-là : "
        "toutes ses dates sont portées au jour lu. Ce que la population ne dit pas reste inconnu.",
        "",
        f"- Avant : {_world_fr(before)}.",
        f"- Après : {_world_fr(after)}.",
        f"- {_amount(cohort['persons'])} personnes lues ; au moins une réponse change pour "
        f"{_amount(cohort['touched'])}.",
        "",
        "## Règles dont la réponse change",
        "",
        *_table(
            ("règle", "passent à oui", "cessent d’être à oui", "deviennent à préciser", "ne sont plus à préciser"),
            [
                (f"{each['title']} (`{each['code']}`)", *(_amount(each[key]) for key in _RULE_COLUMNS))
                for each in told["rules"]
            ],
        ),
        "",
        "## Propositions",
        "",
        *_table(
            ("proposition", "s’ajoute pour", "n’est plus à faire pour"),
            [(each["title"], _amount(each["become"]), _amount(each["cease"])) for each in told["proposals"]],
        ),
        "",
        "## Places : premiers rendez-vous à donner",
        "",
        "Une personne inscrite est reçue par le premier organisme proposé du réseau pour l’emploi.",
        "",
        *_table(
            ("organisme", "avant", "après", "en plus sur un an", "par mois"),
            [
                (
                    each["title"],
                    _amount(each["before"]),
                    _amount(each["after"]),
                    _signed(each["more"]),
                    _signed(round(each["more"] / 12)),
                )
                for each in told["places"]
            ],
        ),
        "",
        "## Par département : places en plus sur un an",
        "",
        *_table(
            ("département", "personnes", "réponse changée", *(each["title"] for each in told["places"])),
            [
                (
                    f"{each['name']} ({each['code']})",
                    _amount(each["persons"]),
                    _amount(each["touched"]),
                    *(_signed(places["more"]) for places in each["places"].values()),
                )
                for each in told["departments"]
            ],
        ),
        "",
    ]
    return "\n".join(lines)


_RULE_COLUMNS = ("become_yes", "cease_yes", "become_unknown", "cease_unknown")


def _world_fr(world: Mapping[str, Any]) -> str:
    told = [f"règles et paramètres du {date_fr(dt.date.fromisoformat(world['on']))}"]
    told += [f"{each['label']} : {each['shown']} (hypothèse)" for each in world["values"]]
    told += [f"sans la règle `{code}`" for code in world["without"]]
    return ", ".join(told)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return ["Rien ne change."]
    numbers = " --: |" * (len(head) - 1)
    return [f"| {' | '.join(head)} |", f"| --- |{numbers}", *(f"| {' | '.join(row)} |" for row in rows)]


def _amount(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _signed(number: int) -> str:
    return f"+{_amount(number)}" if number > 0 else _amount(number).replace("-", "−")
