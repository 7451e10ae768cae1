"""A refusal that no page deals with is answered by the page of its kind."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from shaar.kernel.errors import Refusal
from shaar.kernel.refused import RefusedMiddleware


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("forbidden", PermissionDenied),
        ("unknown_measure", Http404),
        ("malformed_period", Http404),
        ("malformed_date", Http404),
    ],
)
def test_a_refusal_of_an_address_becomes_a_page(code: str, answer: type[Exception]) -> None:
    with pytest.raises(answer):
        meet(Refusal(code, "No."))


@pytest.mark.parametrize("exception", [Refusal("already_recorded", "No."), ValueError("a fault of ours")])
def test_what_is_not_about_the_address_stays_an_error(exception: Exception) -> None:
    meet(exception)


def meet(exception: Exception) -> None:
    """Let the middleware see an exception of a view."""
    middleware = RefusedMiddleware(lambda _request: HttpResponse())
    middleware.process_exception(RequestFactory().get("/"), exception)
