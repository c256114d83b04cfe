"""The parameters are read from the database once per page, and only by a page that needs them."""

from __future__ import annotations

from passerelles.parameters.snapshot import read_once


class ParametersMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with read_once():
            return self.get_response(request)
