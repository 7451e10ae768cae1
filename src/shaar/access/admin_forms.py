"""The forms by which administrators look after people and roles."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from shaar.access.forms import DayField, PlainForm, set_choices
from shaar.access.models import Role
from shaar.access.profile import telephone
from shaar.access.rules import Scope
from shaar.access.verbs import verbs
from shaar.city import api as city
from shaar.kernel.texts import Text

code_letters = RegexValidator(
    r"^[a-z][a-z0-9_-]*$", _("Small Latin letters, digits, - and _, a letter first.")
)


def unit_choices(scope: Scope, *, on: date, empty: object) -> list[tuple[str, object]]:
    """Return the units of a day that a scope covers, after an empty choice where the scope is everything."""
    found: list[tuple[str, object]] = [("", empty)] if scope.units is None else [("", _("Choose"))]
    return found + [(unit.code, str(unit.name)) for unit in city.units(on=on) if scope.covers(unit=unit.code)]


class PersonForm(PlainForm):
    """Who a person is."""

    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("A person needs a name.")}
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    email = forms.EmailField(
        label=_("E-mail for notices"),
        required=False,
        help_text=_("The person confirms it by a link that we send there."),
        error_messages={"invalid": _("Write an address such as name@city.example.")},
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30, validators=[telephone])

    def __init__(self, *args: Any, scope: Scope, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["unit"], unit_choices(scope, on=on, empty=_("No unit")))


class NewPersonForm(PersonForm):
    """A new person, with the name under which they sign in."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("For signing in; it cannot be changed."),
        error_messages={"required": _("Enter the user name.")},
    )
    field_order = ["username", "name", "unit", "language", "email", "phone"]


class RoleGivenForm(PlainForm):
    """A role, where and on which days."""

    role = forms.ChoiceField(label=_("Role"), error_messages={"required": _("Choose the role.")})
    unit = forms.ChoiceField(label=_("Unit, with all under it"), required=False)
    territory = forms.ChoiceField(label=_("Territory, with all under it"), required=False)
    first = DayField(label=_("First day"), required=False, help_text=_("Empty: without beginning."))
    last = DayField(label=_("Last day"), required=False, help_text=_("Empty: without end."))

    def __init__(self, *args: Any, scope: Scope, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = Role.objects.order_by("code").values_list("code", "name_ru", "name_ky", "name_en")
        named: Sequence[tuple[str, str]] = [(code, str(Text(*names))) for code, *names in roles]
        set_choices(self.fields["role"], [("", _("Choose")), *named])
        set_choices(self.fields["unit"], unit_choices(scope, on=on, empty=_("Every unit")))
        places = [(one.code, str(one.name)) for one in city.territories(on=on)]
        set_choices(self.fields["territory"], [("", _("Every territory")), *places])


class IdentityForm(PlainForm):
    """The PIN by which the outside provider names a person."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("14 digits. Only a keyed hash of it is kept. Empty: the link is ended."),
    )


class RoleForm(PlainForm):
    """A role made here: its names and what it may."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        validators=[code_letters],
        error_messages={"required": _("Enter the code.")},
    )
    name_ru = forms.CharField(
        label=_("Name in Russian"), max_length=200, error_messages={"required": _("Enter the name.")}
    )
    name_ky = forms.CharField(label=_("Name in Kyrgyz"), max_length=200, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    verbs = forms.MultipleChoiceField(
        label=_("What the role may"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one."),
            "invalid_choice": _("Choose from what there is."),
        },
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["verbs"], [(verb, f"{text} ({verb})") for verb, text in verbs().items()])
        if not is_new:
            del self.fields["code"]

    @property
    def name(self) -> Text:
        """Return the role's name in three languages."""
        given = self.cleaned_data
        return Text(given["name_ru"], given["name_ky"], given["name_en"])
