"""Who may open a page: every view says it by one of three marks, and a view without a mark is refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from django.urls import URLPattern, URLResolver, get_resolver

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
ATTRIBUTE = "access_policy"


@dataclass(frozen=True, slots=True)
class Policy:
    """For whom a view is: everyone, whoever signed in, or those who may a verb somewhere."""

    kind: Literal["public", "staff", "verb"]
    verb: str = ""


def public(view: ViewT) -> ViewT:
    """Mark a view as open to everyone."""
    return _mark(view, Policy("public"))


def staff(view: ViewT) -> ViewT:
    """Mark a view as open to whoever signed in; what they see in it is the view's own question."""
    return _mark(view, Policy("staff"))


def requires(verb: str) -> Callable[[ViewT], ViewT]:
    """Mark a view as open to those who may the verb somewhere; for one unit the view asks `check` itself."""
    return lambda view: _mark(view, Policy("verb", verb))


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """Return the mark of a view, None for a view without one."""
    found = getattr(view, ATTRIBUTE, None)
    return found if isinstance(found, Policy) else None


def unmarked_views() -> list[str]:
    """Return address and name of every view of the installation that says not for whom it is."""
    return [
        f"/{address} ({pattern.lookup_str})"
        for address, pattern in patterns()
        if policy_of(pattern.callback) is None
    ]


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """Yield every address of the installation with its pattern."""
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, address)
        else:
            yield address, entry


def _mark(view: ViewT, policy: Policy) -> ViewT:
    setattr(view, ATTRIBUTE, policy)
    return view
