"""The form of an amendment: the act, what it says of the totals, and the lines that change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import get_month_names
from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.budget.amendments import Change
from shaar.budget.codes import OF_SIDE, Code, codes_of
from shaar.budget.judging import Row
from shaar.budget.models import Classification, Kind, Side
from shaar.city import api as city
from shaar.kernel.errors import Refusal
from shaar.kernel.money import parse_money
from shaar.ui.forms import DateField, PickField

MOST_ROWS = 50
FIRST_ROWS = 3
KINDS = (Kind.PLAN, Kind.CASH_PLAN)


class MoneyField(forms.CharField):
    """An amount in som as people write it, to the tyiyn."""

    def clean(self, value: Any) -> Any:
        """Return the amount, None for an empty control; raise ValidationError for what is no exact amount."""
        written = str(super().clean(value) or "").strip()
        if not written:
            return None
        try:
            return parse_money(written)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal


class WhichForm(forms.Form):
    """Which plan an amendment changes."""

    year = forms.IntegerField(label=_("Year"), min_value=1991, max_value=2200)
    side = forms.ChoiceField(label=_("Revenue or spending"), choices=Side.choices)
    kind = forms.ChoiceField(label=_("Which plan changes"), choices=[(one.value, one.label) for one in KINDS])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


@dataclass(frozen=True, slots=True)
class RowFields:
    """The controls of one line."""

    number: int
    fields: list[BoundField]


class AmendmentForm(forms.Form):
    """An amendment of one plan; its rows are as many as the form was asked for."""

    act = forms.CharField(
        label=_("Act"), max_length=300, help_text=_("As it calls itself: kind, number, day, title.")
    )
    day = DateField(label=_("In force from"))
    control_total = MoneyField(
        label=_("Change in all, som"),
        max_length=40,
        help_text=_("As the act states it, with a minus for less. The rows must make exactly this."),
    )
    plan_after = MoneyField(
        label=_("The plan after it, som, if the act states it"), max_length=40, required=False
    )

    def __init__(self, *args: Any, which: Mapping[str, Any], rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.which = which
        self.classifications = OF_SIDE[Side(which["side"])]
        self.numbers = range(1, min(max(rows, 1), MOST_ROWS) + 1)
        language = (get_language() or "ru")[:2]
        units = [(one.code, one.name.of(language)) for one in city.units(on=date(which["year"], 12, 31))]
        codes = _choices(codes_of(which["year"]), language)
        for number in self.numbers:
            self.fields[f"unit_{number}"] = PickField(
                label=_("Unit"), choices=[("", "—"), *units], required=False
            )
            for name in self.classifications:
                self.fields[f"{name}_{number}"] = PickField(
                    label=Classification(name).label,
                    choices=[("", "—"), *codes.get(name, [])],
                    required=False,
                )
            if which["kind"] == Kind.CASH_PLAN:
                months = get_month_names("wide", context="stand-alone", locale=language)
                self.fields[f"month_{number}"] = forms.ChoiceField(
                    label=_("Month"), choices=[("", "—"), *((str(one), months[one]) for one in range(1, 13))],
                    required=False,
                )  # fmt: skip
            self.fields[f"amount_{number}"] = MoneyField(
                label=_("Change, som"), max_length=40, required=False
            )

    @property
    def head(self) -> list[BoundField]:
        """The controls of the act and its totals."""
        return [self[name] for name in ("act", "day", "control_total", "plan_after")]

    @property
    def rows(self) -> Iterator[RowFields]:
        """The controls of each line."""
        for number in self.numbers:
            yield RowFields(number, [self[name] for name in self._names(number)])

    def clean(self) -> dict[str, Any]:
        """Say what a row that was begun lacks."""
        given = super().clean() or self.cleaned_data
        needed = ["unit", "amount", *(["month"] if self.which["kind"] == Kind.CASH_PLAN else [])]
        for number in self.numbers:
            if not any(given.get(name) not in (None, "") for name in self._names(number)):
                continue
            for name in needed:
                if given.get(f"{name}_{number}") in (None, "") and f"{name}_{number}" not in self.errors:
                    self.add_error(f"{name}_{number}", _("Fill this in, or leave the whole row empty."))
        return given

    def change(self) -> Change:
        """Return the amendment, once the form is valid."""
        given, which = self.cleaned_data, self.which
        rows = tuple(self._row(number) for number in self.numbers if given.get(f"unit_{number}"))
        return Change(
            which["year"], which["side"], which["kind"], given["act"], given["day"], rows,
            given["control_total"], given["plan_after"],
        )  # fmt: skip

    def tell(self, refusal: Refusal) -> None:
        """Put each problem at the control that it is about."""
        for one in refusal.problems:
            place = one.place
            name = place.field or "" if place else ""
            if place and place.line is not None:
                name = f"{name or 'unit'}_{place.line}"
            self.add_error(name if name in self.fields else None, str(one.message))

    def _names(self, number: int) -> list[str]:
        names = ("unit", *self.classifications, "month", "amount")
        return [f"{name}_{number}" for name in names if f"{name}_{number}" in self.fields]

    def _row(self, number: int) -> Row:
        given = self.cleaned_data
        codes = {
            name: given[f"{name}_{number}"] for name in self.classifications if given[f"{name}_{number}"]
        }
        month = given.get(f"month_{number}")
        day = date(self.which["year"], int(month), 1) if month else given["day"]
        return Row(number, given[f"unit_{number}"], codes, day, given[f"amount_{number}"] or Decimal(0), "")


class ReasonForm(forms.Form):
    """Why an amendment is taken back."""

    reason = forms.CharField(
        label=_("Why is the amendment taken back?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def _choices(
    known: Mapping[tuple[str, str], tuple[Code, ...]], language: str
) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for (name, code), versions in known.items():
        found.setdefault(name, []).append((code, f"{code} {versions[-1].name.of(language)}"))
    return found
