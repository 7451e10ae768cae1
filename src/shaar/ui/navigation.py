"""The entries of the page shell's navigation, registered by the modules whose pages they open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

Group: TypeAlias = Literal["work", "plan", "check", "admin"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation: for everyone, or for the staff whom `shown` lets see it, in a group."""

    text: str | Promise
    view: str
    rank: int
    is_staff: bool = False
    shown: Callable[[HttpRequest], bool] | None = None
    group: Group = "work"

    @property
    def url(self) -> str:
        """Return the address of the page that the entry opens."""
        return reverse(self.view)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it."""

    text: str | Promise
    url: str
    is_current: bool


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry; called from a module's AppConfig.ready, a second time replaces the first."""
    _entries[entry.view] = entry


def links(request: HttpRequest, *, is_staff: bool) -> list[Link]:
    """Return the entries that the person of this request may see, by rank, the current one marked."""
    found = sorted(
        (entry for entry in _entries.values() if entry.is_staff == is_staff), key=lambda entry: entry.rank
    )
    return [
        Link(entry.text, entry.url, is_current=_is_current(request.path, entry.url))
        for entry in found
        if entry.shown is None or entry.shown(request)
    ]


def _is_current(path: str, url: str) -> bool:
    return path == url if url in {"/", "/staff/"} else path.startswith(url)
