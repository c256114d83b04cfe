"""After the clocks: the persons whose referral went back for silence learn that another place is looked for."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from passerelles.referrals import notices
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import State, TakeOverReason


def tell_given_back(at: dt.date) -> int:
    """Queue the message of each case taken over on `at`; how many cases. Run twice, nobody is told twice."""
    cases = Referral.objects.filter(state=State.TAKEN_OVER, reason=TakeOverReason.SILENCE, entered_on=at)
    count = 0
    for referral in cases.select_related("person", "receiver").order_by("id").iterator(chunk_size=500):
        with transaction.atomic():
            notices.person_given_back(referral)
        count += 1
    return count
