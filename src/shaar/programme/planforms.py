"""The forms by which the programme's office edits a plan: a revision, a measure, a cancellation."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.city import api as city
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from shaar.programme import drafting, models, queries
from shaar.programme.forms import PlainForm, period_or_error
from shaar.programme.outcomes import HERE, MeasureData, ProgrammeView


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class RevisionForm(PlainForm):
    """A new revision: the legal act under which it is made, and the day from which it is in force."""

    act = forms.ChoiceField(label=_("Legal act"))
    effective_from = _day(_("In force from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "ru")[:2]
        field = self.fields["act"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.code, one.name.of(language)) for one in queries.acts()]


class CancelForm(PlainForm):
    """Why a measure is taken out of the plan."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class MeasureForm(PlainForm):
    """A measure of the plan."""

    code = forms.SlugField(
        label=_("Code"), max_length=120, help_text=_("Latin letters, figures and hyphens; never changes.")
    )
    number = forms.CharField(label=_("Number in the plan"), required=False, max_length=40)
    node = forms.ChoiceField(label=_("Branch of the plan"))
    text_ru = forms.CharField(label=_("Text in Russian"), widget=forms.Textarea(attrs={"rows": 3}))
    text_ky = forms.CharField(
        label=_("Text in Kyrgyz"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    period = forms.CharField(
        label=_("Period"), max_length=40, help_text=_("For example 2023 or 2023-01-01/2025-12-31")
    )
    expected_ru = forms.CharField(
        label=_("Expected result in Russian"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    expected_ky = forms.CharField(
        label=_("Expected result in Kyrgyz"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    responsible = forms.MultipleChoiceField(label=_("Responsible"), required=False)
    co_responsible = forms.MultipleChoiceField(label=_("Co-responsible"), required=False)
    indicators = forms.CharField(
        label=_("Indicators"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "A line for each: code; baseline; targets as 2023=10 2024=12. The baseline may be empty."
        ),
    )
    funding = forms.CharField(
        label=_("Funding"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A line for each: source; year; amount; currency, such as KGS."),
    )

    def __init__(
        self,
        *args: Any,
        programme: models.Programme,
        on: date,
        data_before: MeasureData | None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(data_before) if data_before else {}
        super().__init__(*args, **kwargs)
        self.before = data_before
        language = (get_language() or "ru")[:2]
        units = [(one.code, one.name.of(language)) for one in city.units(on=on)]
        nodes = [
            (one.code, f"{one.number}. {one.name.of(language)}") for one in programme.nodes.order_by("number")
        ]
        for name, choices in (("node", nodes), ("responsible", units), ("co_responsible", units)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        for name in ("responsible", "co_responsible"):
            self.fields[name].widget.attrs["size"] = 6
        if data_before:
            self.fields["code"].disabled = True

    def clean_period(self) -> str:
        """Return the period's code."""
        return str(period_or_error(self.cleaned_data["period"]))

    def clean_indicators(self) -> Any:
        """Return the indicators, or say which line is wrong."""
        known = self.before.indicators if self.before else ()
        try:
            return drafting.read_indicators(self.cleaned_data["indicators"], known=known)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal

    def clean_funding(self) -> Any:
        """Return the money, or say which line is wrong."""
        try:
            return drafting.read_funding(self.cleaned_data["funding"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal

    def measure(self) -> MeasureData:
        """Return the measure that the form words, with what the form does not show kept."""
        given = self.cleaned_data
        before = self.before
        return MeasureData(
            code=given["code"],
            node=given["node"],
            text=Text(given["text_ru"], given["text_ky"], before.text.en if before else ""),
            period=given["period"],
            number=given["number"],
            expected=Text(given["expected_ru"], given["expected_ky"], before.expected.en if before else ""),
            note=before.note if before else Text(""),
            responsible=tuple(given["responsible"]),
            co_responsible=tuple(given["co_responsible"]),
            indicators=given["indicators"],
            funding=given["funding"],
            source=before.source if before else HERE,
        )


def _initial(data: MeasureData) -> dict[str, Any]:
    return {
        "code": data.code,
        "number": data.number,
        "node": data.node,
        "text_ru": data.text.ru,
        "text_ky": data.text.ky,
        "period": data.period,
        "expected_ru": data.expected.ru,
        "expected_ky": data.expected.ky,
        "responsible": data.responsible,
        "co_responsible": data.co_responsible,
        "indicators": drafting.indicators_text(data.indicators),
        "funding": drafting.funding_text(data.funding),
    }


class ImportForm(RevisionForm):
    """A whole plan as a workbook, to become the next revision of a programme's plan."""

    programme = forms.ChoiceField(label=_("Programme"))
    file = forms.FileField(
        label=_("Workbook of the plan (XLSX)"),
        help_text=_("The workbook that this page gives, with your changes; up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the workbook."), "empty": _("The file is empty.")},
    )
    field_order = ("programme", "act", "effective_from", "file")

    def __init__(self, *args: Any, programmes: list[ProgrammeView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "ru")[:2]
        field = self.fields["programme"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.code, one.name.of(language)) for one in programmes]
