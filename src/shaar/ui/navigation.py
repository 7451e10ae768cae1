"""The entries of the page shell's navigation, registered by the modules whose pages they open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GroupCode: TypeAlias = Literal["work", "plan", "check", "admin"]
GROUPS: dict[GroupCode, str | Promise] = {
    "work": _("Daily work"),
    "plan": _("Plans and reports"),
    "check": _("Checking"),
    "admin": _("Administration"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation: for everyone, or for the staff whom `shown` lets see it, in a group."""

    text: str | Promise
    view: str
    rank: int
    is_staff: bool = False
    shown: Callable[[HttpRequest], bool] | None = None
    group: GroupCode = "work"
    keys: str = ""

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
    group: GroupCode = "work"
    keys: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The links of one kind of work, as the desk of the staff shows them together."""

    code: GroupCode
    title: str | Promise
    links: list[Link]


@dataclass(frozen=True, slots=True)
class Tool:
    """A part of the header for whoever signed in, such as the bell: a template and what it is given."""

    name: str
    template: str
    rank: int
    given: Callable[[HttpRequest], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ShownTool:
    """A tool as one page shows it; its template sees `values`."""

    template: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys that a script listens to, and what they do; several keys are pressed one after another."""

    keys: str
    text: str | Promise


_entries: dict[str, Entry] = {}
_tools: dict[str, Tool] = {}
_shortcuts: dict[str, Shortcut] = {}
_foot: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry; called from a module's AppConfig.ready, a second time replaces the first."""
    _entries[entry.view] = entry


def register_foot(entry: Entry) -> None:
    """Add a link to the foot of every page; called from a module's AppConfig.ready, repeatable."""
    _foot[entry.view] = entry


def foot_links() -> list[Entry]:
    """Return the links of the foot, by rank."""
    return sorted(_foot.values(), key=lambda entry: entry.rank)


def register_tool(tool: Tool) -> None:
    """Add a tool to the header; called from a module's AppConfig.ready, a second time replaces the first."""
    _tools[tool.name] = tool


def register_shortcut(shortcut: Shortcut) -> None:
    """Add keys to the list of shortcuts; whoever adds them listens to them."""
    _shortcuts[shortcut.keys] = shortcut


def tools(request: HttpRequest) -> list[ShownTool]:
    """Return the tools of the header with what their templates are given, by rank."""
    found = sorted(_tools.values(), key=lambda tool: tool.rank)
    return [ShownTool(tool.template, tool.given(request)) for tool in found]


def groups(request: HttpRequest) -> list[Group]:
    """Return the staff entries that the person of this request may see, in groups without the empty ones."""
    shown = links(request, is_staff=True)
    found = [
        Group(code, title, [link for link in shown if link.group == code]) for code, title in GROUPS.items()
    ]
    return [group for group in found if group.links]


def shortcuts_of(request: HttpRequest) -> list[Shortcut]:
    """Return every shortcut, those of the navigation last."""
    is_signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    entries = links(request, is_staff=True) if is_signed_in else []
    return [*_shortcuts.values(), *(Shortcut(link.keys, link.text) for link in entries if link.keys)]


def links(request: HttpRequest, *, is_staff: bool) -> list[Link]:
    """Return the entries that the person of this request may see, by rank, the current one marked."""
    found = sorted(
        (entry for entry in _entries.values() if entry.is_staff == is_staff), key=lambda entry: entry.rank
    )
    return [
        Link(entry.text, entry.url, _is_current(request.path, entry.url), entry.group, entry.keys)
        for entry in found
        if entry.shown is None or entry.shown(request)
    ]


def _is_current(path: str, url: str) -> bool:
    return path == url if url in {"/", "/staff/"} else path.startswith(url)
