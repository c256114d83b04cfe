"""The plan of a person on one page: next step, steps so far, rights, and the code of their page. Tagged PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from passerelles.core import clock
from passerelles.core.typesetting import typeset
from passerelles.messages import catalogue
from passerelles.messages.letters import fonts_of, qr_svg
from passerelles.messages.models import Link
from passerelles.messages.services import links
from passerelles.portal.queries import PersonPage, Step

TEMPLATE = Path(__file__).resolve().parent / "plan.typ"
MOST_STEPS, MOST_DONE = 3, 8
"""What fits on one sheet; the page itself shows everything."""
RIGHTS = ("monthly", "permit", "address", "free")


def write_plan(page: PersonPage, texts: catalogue.Texts, link: Link | None) -> bytes:
    """The bytes of the PDF in the language of `texts`; without `link` there is no code.

    What the page asks of an appointment already past is not on paper.
    """
    address = links.address_of(link) if link else ""
    to_come = [step for step in page.steps if not step.asks]
    return typeset(
        TEMPLATE,
        {
            "tag": texts.tag.split("-")[0],
            "rtl": texts.is_rtl,
            "fonts": fonts_of(texts.language),
            "title": texts("plan"),
            "name": f"{page.person.given_names} {page.person.family_name.upper()}",
            "date": texts.date(clock.today()),
            "next": texts("next"),
            "nothing": "" if to_come else texts("nothing"),
            "steps": [_step(step, texts) for step in to_come[:MOST_STEPS]],
            "steps_title": texts("steps"),
            "done": [[texts.date(each.on), texts(each.text), each.with_whom] for each in page.done[-MOST_DONE:]],
            "rights_title": texts("rights"),
            "rights": [
                *_dates(page, texts),
                *(texts(f"right.{name}") for name in ("monthly", "permit", "address", "free")),
            ],
            "scan": texts("scan") if link else "",
            "address": address,
            "qr": qr_svg(address) if address else "",
            "private": texts("private"),
            "comma": texts.comma,
        },
        known_at=clock.now(),
    )


def _dates(page: PersonPage, texts: catalogue.Texts) -> list[str]:
    return [f"{texts('right.permit_until')} {texts.date(page.permit_until)}"] if page.permit_until else []


def _step(step: Step, texts: catalogue.Texts) -> dict[str, Any]:
    lines: list[list[str]] = []
    if step.when:
        local = step.when.astimezone(clock.PARIS)
        lines.append([texts("when"), f"{texts.date(local.date())}{texts.comma}{catalogue.hour(local)}", ""])
    where = {"phone": texts("by_phone"), "visio": texts("by_video")}.get(step.mode, "")
    if where or step.where:
        lines.append([texts("where"), where, step.where])
    if step.when:
        lines.append([texts("bring"), "" if step.bring else texts("bring_papers"), step.bring])
    if step.phone:
        lines.append([texts("call"), "", step.phone])
    return {"organisation": step.organisation, "note": texts(step.note) if step.note else "", "lines": lines}
