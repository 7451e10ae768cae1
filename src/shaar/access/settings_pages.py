"""The sections of a person's own settings, and what other modules may read of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shaar.access.models import User
from shaar.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """What a person chose; `email` is only an address that was confirmed by its link."""

    email: str
    phone: str
    language: str
    theme: str


@dataclass(frozen=True, slots=True)
class SettingsSection:
    """One section of `/staff/settings/`: a page of the module that registers it.

    `view` names the address of the page, which extends `access/settings.html` and fills its block `section`.
    `shown` tells whether the person of a request sees the section; everyone does without it.
    """

    text: str | Promise
    view: str
    rank: int
    shown: Callable[[HttpRequest], bool] | None = None

    @property
    def url(self) -> str:
        """Return the address of the section's page."""
        return reverse(self.view)


_sections: dict[str, SettingsSection] = {}


def register_settings_section(section: SettingsSection) -> None:
    """Add a section; called from AppConfig.ready, a second time replaces the first."""
    _sections[section.view] = section


def sections(request: HttpRequest) -> list[SettingsSection]:
    """Return the sections that the person of a request sees, by rank."""
    found = sorted(_sections.values(), key=lambda section: section.rank)
    return [section for section in found if section.shown is None or section.shown(request)]


def settings_of(user_id: int) -> PersonSettings:
    """Return what a person chose; Refusal `unknown_user`."""
    found = User.objects.filter(pk=user_id).values_list("email", "phone", "language", "theme").first()
    if found is None:
        raise Refusal("unknown_user", _("There is no such person."))
    return PersonSettings(*found)
