"""What the examples of the catalogue show: a form with every control and a few rows, all invented."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shaar.ui.forms import (
    Counted,
    DateField,
    DateRangeField,
    LookupField,
    NumberField,
    Password,
    PeriodField,
    PersonField,
    PhoneField,
    PickField,
    Upload,
    fold,
)
from shaar.ui.tables import Action, Column, Table

DISTRICTS = [("", "—"), ("d1", "Район 1 (демо)"), ("d2", "Район 2 (демо)")]
EVENTS = [
    {"title": "Принято", "at": "14.07.2022 09:12", "by": "Житель (демо)", "tone": "grey"},
    {"title": "Передано в район", "at": "14.07.2022 11:40", "by": "Оператор (демо)", "tone": "yellow"},
    {"title": "Исполнено", "at": "16.07.2022 17:05", "text": "Светильник заменён.", "tone": "green"},
]
LONGEST_REMARK = 200
LARGEST_FILE = 5_000_000
UNITS = [("", "—"), *((f"unit-{number}", f"Управление № {number} (демо)") for number in range(1, 41))]
STREETS = [(f"street-{number}", f"Улица {number} (демо)") for number in range(1, 1001)]


def streets(words: str) -> list[tuple[str, str]]:
    """Return the invented streets whose names hold the words."""
    return [(code, name) for code, name in STREETS if fold(words) in fold(name)][:50]


class ControlsForm(forms.Form):
    """Every control of the design system in one form."""

    name = forms.CharField(label=_("Subject"), help_text=_("In a few words"), max_length=60)
    remark = forms.CharField(
        label=_("What happened"),
        widget=Counted(most=LONGEST_REMARK),
        validators=[MaxLengthValidator(LONGEST_REMARK)],
    )
    amount = NumberField(label=_("Amount, som"), min_value=Decimal(0))
    born = DateField(label=_("Date of birth"), help_text=_("For example 27 3 1985"))
    leave = DateRangeField(label=_("Leave"))
    period = PeriodField(label=_("Period"))
    district = forms.ChoiceField(label=_("District"), choices=DISTRICTS)
    way = forms.ChoiceField(
        label=_("How to answer you"),
        choices=[("sms", _("By SMS")), ("post", _("By letter"))],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        choices=[("road", _("Roads")), ("light", _("Lighting")), ("park", _("Parks"))],
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = forms.BooleanField(label=_("I agree to be called"))
    file = forms.FileField(label=_("Photograph or document"), widget=Upload)
    password = forms.CharField(label=_("Password"), widget=Password, min_length=12)
    phone = PhoneField(label=_("Telephone"), help_text=_("For example 0555 123 456"))
    person = PersonField(label=_("Applicant"))
    unit = PickField(label=_("Unit"), choices=UNITS)
    street = LookupField(label=_("Street"), find=streets, url="/ui/streets/")

    def taken(self) -> list[tuple[Any, Any]]:
        """Return what was filled in, by label; a file by its name, a password not at all."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "password"}
        return [(self.fields[name].label, value) for name, value in told.items()]


def refused_form() -> ControlsForm:
    """Return the form with something wrong in it, as it comes back to the person."""
    return ControlsForm({"name": "", "born_0": "31", "born_1": "2", "born_2": "1985"})


@dataclass(frozen=True, slots=True)
class Work:
    """An invented piece of work of the example table."""

    number: int
    name: str
    district: str
    due: date | None
    cost: Decimal | None


WORKS = [
    Work(
        number=number,
        name=f"Замена светильников, участок {number} (демо)",
        district="d1" if number % 3 else "d2",
        due=date(2022, 1, 10) + timedelta(days=9 * number) if number % 7 else None,
        cost=Decimal(number * 12_500) if number % 5 else None,
    )
    for number in range(1, 61)
]
WORK_COLUMNS: tuple[Column[Work], ...] = (
    Column("name", _("Work"), lambda one: one.name, filters="contains", is_heading=True),
    Column("district", _("District"), lambda one: one.district, filters="choice", choices=DISTRICTS[1:]),
    Column("due", _("Due"), lambda one: one.due, kind="date", filters="range"),
    Column("cost", _("Cost, som"), lambda one: one.cost, kind="number", filters="range"),
    Column("number", _("Number"), lambda one: one.number, kind="number", is_hidden=True),
)


def table(request: HttpRequest) -> Table[Work]:
    """Return the example table as one request asks for it."""
    actions = (Action("close", _("Close")), Action("drop", _("Withdraw"), kind="warning"))
    return Table(
        WORKS,
        WORK_COLUMNS,
        request=request,
        caption=_("Works of lighting, an example"),
        key=lambda one: str(one.number),
        actions=actions,
        per_page=20,
    )


def rows(request: HttpRequest) -> dict[str, Any]:
    """Return the invented values that examples call `sample`."""
    few = Table(WORKS[:3], WORK_COLUMNS, request=request, caption=_("Works of lighting, an example"))
    return {
        "table": few,
        "pairs": [("Номер", "№ 17 (демо)"), ("Принято", "14.07.2022"), ("Ответ", ""), ("Срок", "14 дней")],
        "page": Paginator(range(60), 20).page(2),
        "tabs": [("tab-facts", "Сведения"), ("tab-files", "Файлы")],
        "links": [("Программы", "/programmes/"), ("Показатели", "/indicators/")],
        "steps": ["Что случилось", "Где", "Ваши данные", "Проверка"],
        "events": EVENTS,
    }
