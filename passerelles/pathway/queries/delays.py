"""The dated delays of the alerts in a DT; None where none is configured."""

from __future__ import annotations

import datetime as dt

from passerelles.pathway.rules.follow_up import Delays
from passerelles.reference import parameters
from passerelles.reference.parameters import BeforeFirstDate, NotConfigured

KEYS = {
    "document": "stay_expiry_alert_days",
    "document_last": "stay_expiry_last_alert_days",
    "licence_months": "market_2025_licence_months",
    "training_start": "training_start_alert_days",
    "end_of_cir_months": "cir_review_months",
    "recognition": "recognition_answer_alert_days",
    "no_news": "no_news_alert_days",
    "contact": "case_contact_days",
    "civic_exam": "civic_exam_alert_days",
}


def delays_on(on: dt.date, direction: str) -> Delays:
    return Delays(**{name: _number(key, on, direction) for name, key in KEYS.items()})


def _number(key: str, on: dt.date, direction: str) -> int | None:
    try:
        return parameters.value(key, on, f"dt:{direction}" if direction else "national").as_int()
    except (NotConfigured, BeforeFirstDate):
        return None
