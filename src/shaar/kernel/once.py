"""Lets what is looked up again and again be looked up once in one operation, such as answering a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

Found = TypeVar("Found")
_looked: ContextVar[dict[str, Any] | None] = ContextVar("looked", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Keep what `look` finds until the end of the block; an inner block shares what the outer one keeps."""
    if _looked.get() is not None:
        yield
        return
    token = _looked.set({})
    try:
        yield
    finally:
        _looked.reset(token)


def look(name: str, read: Callable[[], Found]) -> Found:
    """Return what `read` finds: within a block of `one_look` it is read once, outside of one every time."""
    held = _looked.get()
    if held is None:
        return read()
    if name not in held:
        held[name] = read()
    return cast(Found, held[name])


def look_again() -> None:
    """Forget what the block keeps, because this operation has just changed it."""
    if (held := _looked.get()) is not None:
        held.clear()


class OneLookMiddleware:
    """Looks once in each request that changes nothing: GET and HEAD."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with one_look():
            return self.get_response(request)
