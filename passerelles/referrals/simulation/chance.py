"""What each party does and when, drawn from a seed. Pure: no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from passerelles.referrals.rules.words import Event, State

MUTE, LATE, LIVELY = "mute", "late", "lively"
DUPLICATED, SHUFFLED, CONTRADICTED = 0.15, 0.1, 0.05


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done `hours` from now by the receiver ("receiver"), the person, the companion or the sender."""

    hours: float
    by: str
    event: Event


@dataclass(slots=True)
class Chance:
    """The draws of one simulation."""

    rng: np.random.Generator
    mute: float

    def temper(self, share: float) -> str:
        """How an organisation answers; `share` in [0, 1) spreads the tempers evenly over the organisations."""
        if share < self.mute:
            return MUTE
        return LATE if share < self.mute + (1 - self.mute) * 0.15 else LIVELY

    def happens(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def hours(self, least: float, most: float) -> float:
        return float(self.rng.uniform(least, most))

    def one(self, options: list[str]) -> str:
        return options[int(self.rng.integers(len(options)))]

    def deeds(self, state: State, temper: str, hours_to_appointment: float) -> list[Deed]:
        """What the parties will do of a case that has just entered `state`."""
        wait = self.hours(15 * 24, 70 * 24) if temper == LATE else self.hours(2, 8 * 24)
        found = []
        if temper != MUTE:
            found = self._of_receiver(state, wait, hours_to_appointment)
        found += self._of_person(state, hours_to_appointment)
        if state in {State.DECLINED, State.TAKEN_OVER} and self.happens(0.93):
            event = Event.REDIRECT if self.happens(0.7) else Event.WITHDRAW if self.happens(0.6) else Event.HOLD
            found.append(Deed(self.hours(4, 9 * 24), "sender", event))
        if state is State.PROPOSED and self.happens(0.95):
            event = Event.VALIDATE if self.happens(0.9) else Event.REJECT
            found.append(Deed(self.hours(2, 5 * 24), "sender", event))
        if state is State.DRAFT and self.happens(0.8):
            found.append(Deed(self.hours(1, 7 * 24), "sender", Event.SEND))
        return [again for deed in found for again in self._repeated(deed)]

    def _of_receiver(self, state: State, wait: float, hours_to_appointment: float) -> list[Deed]:
        if state is State.SENT:
            answers = [Event.RECEIVE]
            if self.happens(0.1):
                answers.append(Event.DECLINE)
            else:
                answers += [Event.STUDY] if self.happens(0.15) else []
                answers += [Event.ACCEPT] if self.happens(0.6) else []
                answers += [Event.FIX] if self.happens(0.9) else []
            instants = sorted(wait + self.hours(0, 72) for _ in answers)
            if self.happens(SHUFFLED):
                self.rng.shuffle(answers)  # type: ignore[arg-type]
            return [Deed(hours, "receiver", event) for hours, event in zip(instants, answers, strict=True)]
        if state in {State.ACCEPTED, State.RESCHEDULED, State.MISSED, State.UNDER_STUDY} and self.happens(0.8):
            return [Deed(wait, "receiver", Event.FIX)]
        if state is State.APPOINTMENT_FIXED:
            told = hours_to_appointment + self.hours(0.5, 4 * 24)
            draw = self.rng.random()
            if draw < 0.05:
                return [Deed(max(hours_to_appointment - 5, 0.1), "receiver", Event.POSTPONE)]
            if draw < 0.1:
                return [Deed(1.0, "receiver", Event.RESCHEDULE)]
            if draw < 0.72:
                return [Deed(told, "receiver", Event.ATTEND)]
            return [Deed(told, "receiver", Event.MISS)] if draw < 0.9 else []
        if state is State.ATTENDED and self.happens(0.8):
            return [Deed(self.hours(0.1, 20 * 24), "receiver", Event.START if self.happens(0.7) else Event.END)]
        if state is State.STARTED:
            events = [Event.REVIEW] * int(self.rng.integers(0, 3)) + [Event.END] * int(self.happens(0.7))
            return [
                Deed(self.hours(20 * 24, 70 * 24) * (rank + 1), "receiver", event) for rank, event in enumerate(events)
            ]
        return []

    def _of_person(self, state: State, hours_to_appointment: float) -> list[Deed]:
        if state is not State.APPOINTMENT_FIXED:
            return [Deed(self.hours(1, 300), "person", Event.WITHDRAW)] if self.happens(0.01) else []
        found = []
        if self.happens(0.4):
            found.append(Deed(max(hours_to_appointment * 0.5, 0.1), "person", Event.CONFIRM))
        if self.happens(0.06):
            found.append(Deed(max(hours_to_appointment * 0.8, 0.1), "person", Event.POSTPONE))
        if self.happens(0.4):
            event = Event.MISS if self.happens(0.15 + CONTRADICTED) else Event.ATTEND
            found.append(Deed(hours_to_appointment + self.hours(1, 48), "person", event))
        return found

    def _repeated(self, deed: Deed) -> list[Deed]:
        if self.happens(DUPLICATED):
            return [deed, Deed(deed.hours + self.hours(0, 90), deed.by, deed.event)]
        return [deed]
