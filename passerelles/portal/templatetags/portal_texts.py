"""`{% say "next" %}`: a text of the page in its language. `{{ day|in_words:texts }}`: a date in words."""

from __future__ import annotations

import datetime as dt

from django import template

from passerelles.core import clock
from passerelles.messages import catalogue

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: template.Context, text: str, **values: object) -> str:
    return context["texts"](text, **{key: str(value) for key, value in values.items()})


@register.filter
def in_words(moment: dt.datetime | dt.date, texts: catalogue.Texts) -> str:
    return texts.date(clock.paris_date(moment) if isinstance(moment, dt.datetime) else moment)


@register.filter
def hour_of(instant: dt.datetime) -> str:
    return catalogue.hour(instant.astimezone(clock.PARIS))
