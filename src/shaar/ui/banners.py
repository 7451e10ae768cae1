"""What stands over every public page while it matters, such as an urgent notice; given by other modules."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from shaar.kernel.texts import Text


@dataclass(frozen=True, slots=True)
class Banner:
    """One line over the page: what it says, where more is told, and a few words on where and when."""

    text: Text
    url: str
    about: str = ""


Source = Callable[[HttpRequest], list[Banner]]
_sources: dict[str, Source] = {}


def register_banners(name: str, source: Source) -> None:
    """Add a source; called from a module's AppConfig.ready, a second time replaces the first."""
    _sources[name] = source


def banners(request: HttpRequest) -> list[Banner]:
    """Return what stands over the page of a request."""
    return [one for source in _sources.values() for one in source(request)]
