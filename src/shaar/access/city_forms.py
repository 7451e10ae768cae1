"""The forms by which units, territories and the working calendar are looked after."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shaar.access.admin_forms import code_letters
from shaar.access.forms import DayField, PlainForm, set_choices
from shaar.city import api as city
from shaar.kernel.texts import Text

UNIT_KINDS = [
    ("city_hall", _("City hall")),
    ("department", _("Department")),
    ("administration", _("District administration")),
    ("mtu", _("Territorial administration (MTU)")),
    ("enterprise", _("Enterprise")),
    ("institution", _("Institution")),
    ("council", _("Council")),
    ("other", _("Other")),
]
TERRITORY_KINDS = [
    ("city", _("City")),
    ("district", _("District")),
    ("mtu", _("Territory of an MTU")),
    ("residential_area", _("Residential area")),
    ("street", _("Street")),
]
KINDS = {"unit": UNIT_KINDS, "territory": TERRITORY_KINDS}
WEEKDAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]
MONTHS = [(number, f"{number:02}") for number in range(1, 13)]
NAMES = ("name_ru", "name_ky", "name_en")
NAME_MISSING = {"required": _("Enter the name.")}
DAY_MISSING = {"required": _("Enter the day."), "invalid": _("Enter a day.")}


def places(register: city.Register, *, on: date) -> list[tuple[str, str]]:
    """Return code and name of every unit or territory of a day."""
    found = city.units(on=on) if register == "unit" else city.territories(on=on)
    return [(one.code, str(one.name)) for one in found]


class NamesForm(PlainForm):
    """A name in three languages, the Russian one always."""

    name_ru = forms.CharField(label=_("Name in Russian"), max_length=400, error_messages=NAME_MISSING)
    name_ky = forms.CharField(label=_("Name in Kyrgyz"), max_length=400, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=400, required=False)

    def text(self, name: str = "name") -> Text:
        """Return a text of the form in three languages."""
        given = self.cleaned_data
        return Text(*(given.get(f"{name}_{language}", "").strip() for language in ("ru", "ky", "en")))


class PlaceForm(NamesForm):
    """What a unit or territory is from a day on."""

    code = forms.CharField(
        label=_("Code"),
        max_length=120,
        validators=[code_letters],
        help_text=_("For ever: facts and reports know it by this code."),
        error_messages={"required": _("Enter the code.")},
    )
    first = DayField(
        label=_("From the day"),
        help_text=_("Until the day before it stays what it was."),
        error_messages=DAY_MISSING,
    )
    kind = forms.ChoiceField(label=_("Kind"))
    short_ru = forms.CharField(label=_("Short name in Russian"), max_length=120, required=False)
    short_ky = forms.CharField(label=_("Short name in Kyrgyz"), max_length=120, required=False)
    short_en = forms.CharField(label=_("Short name in English"), max_length=120, required=False)
    parent = forms.ChoiceField(label=_("Belongs to"), required=False)
    field_order = ["code", "first", "kind", *NAMES, "short_ru", "short_ky", "short_en", "parent"]

    def __init__(self, *args: Any, register: city.Register, on: date, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["kind"], KINDS[register])
        set_choices(self.fields["parent"], [("", _("Nothing: it stands on top")), *places(register, on=on)])
        if not is_new:
            del self.fields["code"]

    @property
    def described(self) -> city.Described:
        """Return what was said of the unit or territory."""
        given = self.cleaned_data
        return city.Described(given["kind"], self.text(), self.text("short"), given["parent"] or None)


class EndForm(PlainForm):
    """The last day."""

    last = DayField(label=_("Last day"), error_messages=DAY_MISSING)


class MergeForm(PlainForm):
    """Into what a unit or territory goes, and when."""

    into = forms.ChoiceField(label=_("Into"), error_messages={"required": _("Choose into what.")})
    since = DayField(
        label=_("From the day"),
        help_text=_("What stands under it moves there, and its name leads there."),
        error_messages=DAY_MISSING,
    )

    def __init__(self, *args: Any, register: city.Register, code: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [one for one in places(register, on=on) if one[0] != code]
        set_choices(self.fields["into"], [("", _("Choose")), *others])


class DayForm(NamesForm):
    """How a single day is worked."""

    day = DayField(label=_("Day"), error_messages=DAY_MISSING)
    like_weekday = forms.TypedChoiceField(
        label=_("How it is worked"), required=False, coerce=int, empty_value=None
    )
    field_order = ["day", "like_weekday", "name_ru", "name_ky", "name_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worked = [(number, _("As on %(weekday)s") % {"weekday": name}) for number, name in WEEKDAYS]
        set_choices(self.fields["like_weekday"], [("", _("Day off")), *worked])


class HolidayForm(NamesForm):
    """A holiday of every year."""

    month = forms.TypedChoiceField(label=_("Month"), choices=MONTHS, coerce=int)
    day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=31,
        error_messages={
            "required": _("Enter the day."),
            "invalid": _("Enter a number from 1 to 31."),
            "min_value": _("Enter a number from 1 to 31."),
            "max_value": _("Enter a number from 1 to 31."),
        },
    )
    first = DayField(label=_("From the day"), required=False, help_text=_("Empty: without beginning."))
    field_order = ["month", "day", "name_ru", "name_ky", "name_en", "first"]
