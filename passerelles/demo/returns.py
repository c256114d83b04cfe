"""The monthly returns of the demonstration: January's sent, the last finished month's drafted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

from passerelles.core import clock
from passerelles.core.periods import Month
from passerelles.demo.january import RETURN_DRAFTED, RETURN_SENT
from passerelles.demo.partnership import ENDS, Partnership
from passerelles.reference.calendar import add_working_days
from passerelles.reports.catalogue import METZ_MONTHLY
from passerelles.reports.models import Return
from passerelles.reports.services import draft_return, send_return, validate_return

Event = Callable[[], object]
DIRECTION = "metz"
JANUARY = Month(2026, 1)


class Returns:
    """Drafted by the CIP, validated by the administrator of the operator, sent by the operator."""

    def __init__(self, partnership: Partnership) -> None:
        self.cip = partnership.actors["cip"]
        self.administrator = partnership.actors["administration"]

    def calendar(self, today: dt.date) -> Iterator[tuple[dt.datetime, Event]]:
        """What is done and when, up to the last month finished under the convention, left as a draft."""
        yield clock.paris(RETURN_DRAFTED, 18), lambda: draft_return(self.cip, *_asked(JANUARY))
        yield clock.paris(RETURN_SENT, 9, 30), lambda: validate_return(self.administrator, self._newest())
        yield clock.paris(RETURN_SENT, 10), lambda: send_return(self.cip, self._newest())
        finished = min(Month.of(today).previous, Month.of(ENDS))
        if finished > JANUARY:
            first = add_working_days(finished.next.first, 0, f"dt:{DIRECTION}")
            instant = min(clock.paris(first, 9, 15), clock.now())
            yield instant, lambda: draft_return(self.cip, *_asked(finished))

    def _newest(self) -> uuid.UUID:
        return Return.objects.filter(territory=f"dt:{DIRECTION}", period=str(JANUARY)).order_by("-version").first().pk


def _asked(month: Month) -> tuple[str, str, str]:
    return METZ_MONTHLY.slug, f"dt:{DIRECTION}", str(month)
