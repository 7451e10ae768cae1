"""The forms of the staff pages: a unit's report, the steps of a report, rounds, plans and imports."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.cases.api import FileView
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Quantity, parse_quantity
from shaar.programme import models, rules
from shaar.programme.desk import Figure, Item, Sheet


class Files(forms.ClearableFileInput):
    """Lets a person choose several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files; nothing chosen is an empty list."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the chosen files."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


class QuantityField(forms.CharField):
    """A figure as people write it: «1 506», «более 80», «45–50»."""

    def to_python(self, value: Any) -> Any:
        """Return the quantity, None for an empty field."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_quantity(text)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal


class PlainForm(forms.Form):
    """A form whose labels carry no colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class ReportForm(PlainForm):
    """A unit's report: for each measure its status, reason, words, files and figures."""

    def __init__(
        self, *args: Any, sheet: Sheet, files: Mapping[str, Sequence[FileView]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.given = files or {}
        for item in sheet.items:
            self._add(item)

    def rows(self) -> Iterable[tuple[Item, list[forms.BoundField], forms.BoundField | None]]:
        """Yield each measure with its controls in the order of filling in, and its files to keep or leave."""
        for item in self.sheet.items:
            code = item.measure.code
            names = [f"status-{code}", f"reason-{code}", f"text-{code}"]
            names += [f"figure-{one.passport.code}" for one in item.figures]
            names.append(f"files-{code}")
            held = f"held-{code}"
            yield item, [self[name] for name in names], self[held] if held in self.fields else None

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where the status needs one."""
        cleaned = super().clean() or self.cleaned_data
        for item in self.sheet.items:
            code = item.measure.code
            if rules.needs_reason(cleaned.get(f"status-{code}") or "", cleaned.get(f"reason-{code}") or ""):
                self.add_error(f"reason-{code}", _("Say why the measure is overdue or cancelled."))
        return cleaned

    def _add(self, item: Item) -> None:
        code, entry = item.measure.code, item.entry
        self.fields[f"status-{code}"] = forms.ChoiceField(
            label=_("Status"),
            choices=[("", _("choose")), *models.Status.choices],
            required=False,
            initial=entry.status if entry else "",
        )
        self.fields[f"reason-{code}"] = forms.CharField(
            label=_("Reason"),
            help_text=_("Needed when the measure is overdue or cancelled."),
            required=False,
            max_length=2000,
            initial=entry.reason if entry else "",
        )
        self.fields[f"text-{code}"] = forms.CharField(
            label=_("What was done"),
            required=False,
            max_length=8000,
            widget=forms.Textarea(attrs={"rows": 3}),
            initial=entry.text if entry else "",
        )
        for figure in item.figures:
            self._add_figure(figure)
        if files := (*item.files, *self.given.get(code, ())):
            self.fields[f"held-{code}"] = forms.TypedMultipleChoiceField(
                label=_("Files given before: keep those that are ticked"),
                choices=[(str(one.id), one.name) for one in files],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[str(one.id) for one in files],
            )
        self.fields[f"files-{code}"] = FilesField(
            label=_("Files that prove it"),
            help_text=_("PDF, pictures, XLSX, DOCX or text, up to 50 MB each."),
            required=False,
        )

    def _add_figure(self, figure: Figure) -> None:
        language = (get_language() or "ru")[:2]
        name = figure.passport.name.of(language)
        self.fields[f"figure-{figure.passport.code}"] = QuantityField(
            label=f"{name}, {figure.symbol.of(language)}",
            help_text=_("A number; also “more than 80” or “45–50” as the document writes it."),
            required=False,
            widget=forms.TextInput(attrs={"maxlength": 60, "inputmode": "decimal"}),
            initial=written(figure.held.quantity) if figure.held else "",
        )


class RemarkForm(PlainForm):
    """The remark with which a report goes back."""

    remark = forms.CharField(
        label=_("What has to be put right"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class WorkbookForm(PlainForm):
    """A filled workbook."""

    file = forms.FileField(
        label=_("Filled workbook (XLSX)"),
        widget=forms.FileInput,
        error_messages={"required": _("Choose the workbook."), "empty": _("The file is empty.")},
    )


class RoundForm(PlainForm):
    """A new reporting round."""

    programme = forms.ChoiceField(label=_("Programme"))
    period = forms.CharField(
        label=_("Period"), max_length=20, help_text=_("For example 2023, 2023-H1, 2023-Q2 or 2023-07")
    )
    days = forms.IntegerField(
        label=_("Working days to report after the period"), min_value=1, max_value=60, initial=10
    )

    def __init__(self, *args: Any, programmes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        if isinstance(field, forms.ChoiceField):
            field.choices = programmes
        self.fields["days"].widget.attrs["class"] = "govuk-input--width-3"

    def clean_period(self) -> str:
        """Return the period's code."""
        return str(period_or_error(self.cleaned_data["period"]))


def period_or_error(text: str) -> Period:
    """Return a period from its code; a ValidationError says what is wrong."""
    try:
        return Period.parse(text.strip())
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal


def written(quantity: Quantity) -> str:
    """Return a quantity as a person would type it, so that reading it gives the same."""
    if quantity.as_written:
        return quantity.as_written
    return plain(quantity.value) if quantity.value is not None else ""


def plain(number: Decimal) -> str:
    """Return a number without zeros at its end, with a comma."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
