"""Evaluations, rule books and registries as plain values, for JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from passerelles.core.answers import Reason
from passerelles.orientation.engine.catalogue import Line, RuleEntry
from passerelles.orientation.engine.evaluation import Evaluation, RuleBook
from passerelles.orientation.engine.facts import FactRegistry, FactSpec
from passerelles.orientation.engine.plan import in_force_fr
from passerelles.orientation.engine.recommendation import Recommendation


def evaluation_as_json(evaluation: Evaluation, lines: Iterable[Recommendation]) -> dict[str, Any]:
    """`answers`, `recommendation`, `questions`, and why the other rules do not answer."""
    return {
        "on": evaluation.on.isoformat(),
        "territory": str(evaluation.territory) if evaluation.territory else None,
        "answers": {
            code: {
                "answer": answer.verdict.value,
                "conclusion": evaluation.conclusion(code),
                "missing": list(answer.missing),
                "reasons": [_reason(evaluation, reason) for reason in answer.reasons],
            }
            for code, answer in evaluation.items()
        },
        "recommendation": [
            {
                "code": line.proposal.code,
                "kind": line.proposal.kind.value,
                "title": line.proposal.title,
                "standing": line.standing.value,
                "rules": list(line.proposal.when),
                "for": [_reason(evaluation, reason) for reason in line.reasons_for],
                "against": [_reason(evaluation, reason) for reason in line.reasons_against],
                "questions": list(line.questions),
            }
            for line in lines
        ],
        "questions": [
            {"fact": fact, "question": evaluation.plan.registry[fact].question, "decides": list(codes)}
            for fact, codes in evaluation.questions().items()
        ],
        "not_in_force": {version.code: in_force_fr(version) for version in evaluation.not_in_force},
    }


def _reason(evaluation: Evaluation, reason: Reason) -> dict[str, Any]:
    registry = evaluation.plan.registry
    return {
        "rule": reason.rule,
        "text": reason.text,
        "reference": reason.reference,
        "version": reason.version,
        "requirement": reason.requirement,
        "confidence": reason.confidence,
        "facts": {code: registry[code].plain(value) for code, value in evaluation.used(reason).items()},
    }


def schema_as_json(book: RuleBook) -> dict[str, Any]:
    """The facts that are accepted and the codes of the rules that answer."""
    titles = {version.code: (version.group, version.title) for version in book.versions}
    return {
        "facts": [_fact(spec) for spec in book.registry.values()],
        "answers": [{"code": code, "group": group, "title": title} for code, (group, title) in titles.items()],
    }


def _fact(spec: FactSpec) -> dict[str, Any]:
    found: dict[str, Any] = {
        "code": spec.code,
        "type": spec.type.value,
        "label": spec.label,
        "question": spec.question,
        "sources": list(spec.sources),
        "sensitivity": spec.sensitivity.value,
    }
    if spec.values:
        found["values"] = dict(spec.values)
    if spec.may_be_never:
        found["may_be_never"] = True
    return found


def catalogue_as_json(entries: Iterable[RuleEntry], registry: FactRegistry) -> list[dict[str, Any]]:
    return [
        {
            "code": entry.code,
            "group": entry.group,
            "title": entry.title,
            "in_force": entry.in_force is not None,
            "versions": [
                {
                    "since": _day(version.version.since),
                    "until": _day(version.version.until),
                    "in_force": version.in_force,
                    "reference": version.version.reference.label,
                    "confidence": version.version.confidence,
                    "scope": version.version.scope_fr,
                    "requirements": list(version.version.requirements),
                    "yes": version.version.yes,
                    "no": version.version.no,
                    "note": version.version.note,
                    "conditions": [_line(line) for line in version.conditions],
                    "parameters": [
                        {
                            "key": parameter.key,
                            "label": parameter.label,
                            "unit": parameter.unit,
                            "values": [
                                {
                                    "territory": str(value.territory),
                                    "since": _day(value.valid_from),
                                    "until": _day(value.valid_to),
                                    "value": _plain(value.value),
                                    "reference": value.reference,
                                    "confidence": value.confidence,
                                }
                                for value in parameter.entries
                            ],
                        }
                        for parameter in version.parameters
                    ],
                }
                for version in entry.versions
            ],
            "cases": [
                {
                    "name": case.name,
                    "on": case.on.isoformat(),
                    "answer": case.answer_fr,
                    "reference": case.reference,
                    "facts": {
                        code: registry[code].plain(known.value) for code, known in registry.read(case.facts).items()
                    },
                }
                for case in entry.cases
            ],
        }
        for entry in entries
    ]


def _line(line: Line) -> dict[str, Any] | str:
    return {"text": line.text, "under": [_line(under) for under in line.under]} if line.under else line.text


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
