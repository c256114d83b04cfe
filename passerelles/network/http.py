"""What every screen needs: ask the table before anything, tell a mistake, page a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from passerelles.core.errors import UserError
from passerelles.network import policy
from passerelles.network.enums import Action, Resource

PAGE_SIZE = 25


def asks(resource: Resource, action: Action = Action.VIEW) -> Callable:
    """The view answers 403 when the actor's role has no cell for (`resource`, `action`)."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            policy.require(request.actor, resource, action)
            return view(request, *args, **kwargs)

        return asked

    return decorate


def safe_address(request: HttpRequest, address: str) -> str:
    """An address of this site, else an empty text: where to go back to, as a page asks for it."""
    allowed = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed else ""


def tell(request: HttpRequest, error: UserError) -> None:
    """Show the sentence of a mistake at the top of the next page."""
    messages.error(request, str(error))


def page_of(request: HttpRequest, rows: QuerySet | list, size: int = PAGE_SIZE, related: Sequence[str] = ()) -> Page:
    """The page asked by `?page=`; out of range gives the nearest one.

    `related`: what each row is shown with, joined to the rows of the page alone, in one query more. Joined to all the
    rows that are sorted, it would hide from the database the shortest way to them.
    """
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    if related:
        keys = [row.pk for row in page.object_list]
        found = rows.model._default_manager.select_related(*related).in_bulk(keys)
        page.object_list = [found[key] for key in keys if key in found]
    return page
