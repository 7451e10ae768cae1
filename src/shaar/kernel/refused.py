"""Answers a refusal that no page has dealt with by the page of its kind."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from shaar.kernel.errors import Refusal

MALFORMED = frozenset({"malformed_period", "malformed_date"})


class RefusedMiddleware:
    """Answers 403 where the person may not, 404 where the address names nothing; the rest stay errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, _request: HttpRequest, exception: Exception) -> None:
        """Raise in place of a refusal what Django answers with a page."""
        if not isinstance(exception, Refusal):
            return
        if exception.code == "forbidden":
            raise PermissionDenied from exception
        if exception.code.startswith("unknown_") or exception.code in MALFORMED:
            raise Http404(str(exception.message)) from exception
