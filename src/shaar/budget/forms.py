"""The forms of the budget: a treasury's file with what is said of it, and why a file is undone."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.budget.links import INDICATOR, MEASURE, Result
from shaar.budget.models import ColumnMapping, Kind, Side, TreasuryFile
from shaar.budget.treasury import Said
from shaar.kernel.errors import Refusal
from shaar.kernel.money import parse_money
from shaar.kernel.writing import format_number
from shaar.ui.forms import Upload

SCALES = (("1", _("som")), ("1000", _("thousands of som")), ("1000000", _("millions of som")))
COLUMNS = {
    "unit": _("Column of units"),
    "day": _("Column of days or months"),
    "amount": _("Column of amounts"),
    "reason": _("Column of reasons for returns"),
    "revenue": _("Column of revenue codes"),
    "functional": _("Column of functional codes"),
    "economic": _("Column of economic codes"),
    "programme": _("Column of budget programmes"),
    "source": _("Column of sources of money"),
}
SHEET = {"sheet": _("Sheet of the workbook")}
LONGEST = 120  # letters of a choice
NEEDED = {"day", "amount"}


class SaidForm(forms.Form):
    """What a person says of a treasury's file; which of its columns is which can be kept under a name."""

    year = forms.IntegerField(label=_("Year"), min_value=1991, max_value=2200)
    side = forms.ChoiceField(label=_("Revenue or spending"), choices=Side.choices)
    kind = forms.ChoiceField(label=_("What the amounts are"), choices=Kind.choices, initial=Kind.EXECUTED)
    scale = forms.ChoiceField(label=_("The amounts are in"), choices=SCALES)
    act = forms.CharField(
        label=_("Act, if the file changes a plan"),
        max_length=300,
        required=False,
        help_text=_(
            "As it calls itself: kind, number, day. The amounts are then changes of the plan, more or less."
        ),
    )
    control_total = forms.CharField(
        label=_("Control total"),
        max_length=40,
        help_text=_(
            "What all rows make together, from the treasury’s covering letter. Any other total is refused."
        ),
    )
    save_as = forms.CharField(label=_("Keep these columns under a name"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, label in (SHEET | COLUMNS).items():
            self.fields[f"column_{name}"] = forms.CharField(
                label=label, max_length=120, required=name in NEEDED
            )
        self.fields["column_sheet"].help_text = _("Left empty, the first sheet is read.")
        self.order_fields(
            [
                "file",
                "year",
                "side",
                "kind",
                "act",
                "scale",
                "control_total",
                *(f"column_{name}" for name in SHEET | COLUMNS),
            ]
        )

    def clean_control_total(self) -> Decimal:
        """Return the control total in som."""
        scale = Decimal(self.cleaned_data.get("scale", "1"))
        try:
            return parse_money(self.cleaned_data["control_total"], scale=scale)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal

    def clean(self) -> dict[str, Any]:
        """Refuse one head for two columns."""
        given = super().clean() or self.cleaned_data
        seen: dict[str, str] = {}
        for name in COLUMNS:
            head = given.get(f"column_{name}", "").strip().casefold()
            if head and head in seen:
                self.add_error(f"column_{name}", _("This column is named twice."))
            seen.setdefault(head, name)
        if given.get("act") and given.get("kind") not in (Kind.PLAN, Kind.CASH_PLAN):
            self.add_error("act", _("An act changes the annual plan or the cash plan, nothing else."))
        return given

    @property
    def columns(self) -> dict[str, str]:
        """Return which column holds what, by their heads, and which sheet they stand on."""
        named = {name: self.cleaned_data.get(f"column_{name}", "").strip() for name in SHEET | COLUMNS}
        return {name: head for name, head in named.items() if head}

    @property
    def said(self) -> Said:
        """Return what was said, once the form is valid."""
        given = self.cleaned_data
        return Said(
            given["year"], given["side"], given["kind"], self.columns, Decimal(given["scale"]),
            given["control_total"], given["act"].strip(),
        )  # fmt: skip

    def tell(self, problems: Iterable[Mapping[str, Any]]) -> None:
        """Put each problem of the whole file at the control that it is about."""
        for one in problems:
            if one["line"] is None and one.get("field") in self.fields:
                self.add_error(str(one["field"]), str(one["text"]))


class FileForm(SaidForm):
    """A file of the treasury with what is said of it."""

    file = forms.FileField(
        label=_("File of the treasury"), help_text=_("XLSX or CSV, up to 200,000 rows."), widget=Upload
    )


def said_of(row: TreasuryFile) -> dict[str, Any]:
    """Return what was said of a file, as the form takes it."""
    total = row.control_total / row.scale
    return {
        "year": row.year,
        "side": row.side,
        "kind": row.kind,
        "act": row.act,
        "scale": str(row.scale.to_integral_value()),
        "control_total": format_number(total, get_language() or "ru", precision=_places(total)),
        "save_as": "",
        **{f"column_{name}": head for name, head in row.columns.items()},
    }


def _places(amount: Decimal) -> int:
    """Return how many places an amount needs, two at least."""
    return max(2, -int(amount.normalize().as_tuple().exponent))


def initial_of(mapping: ColumnMapping | None) -> dict[str, Any]:
    """Return what a kept set of columns fills in."""
    if mapping is None:
        return {}
    return {
        "scale": str(mapping.scale.to_integral_value()),
        "save_as": mapping.name,
        **{f"column_{name}": head for name, head in mapping.columns.items()},
    }


class ResultForm(forms.Form):
    """A measure or an indicator that a line pays for."""

    def __init__(self, *args: Any, known: Iterable[Result], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        language = (get_language() or "ru")[:2]
        groups: dict[str, list[tuple[str, str]]] = {MEASURE: [], INDICATOR: []}
        for one in known:
            groups[one.kind].append((one.key, _shortened(one.name.of(language))))
        named = [(_("Measures"), groups[MEASURE]), (_("Indicators"), groups[INDICATOR])]
        self.fields["result"] = forms.ChoiceField(
            label=_("Measure or indicator"),
            choices=[("", "—"), *((name, held) for name, held in named if held)],
            error_messages={"invalid_choice": _("Choose a measure of the year or an indicator.")},
        )


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


class UndoForm(forms.Form):
    """Why a written file is taken back."""

    reason = forms.CharField(
        label=_("Why is the file undone?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
