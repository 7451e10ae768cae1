"""The forms of ratings: a new round, a judgement, a penalty, an objection, a decision, other facts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.ratings.drafting import LARGEST
from shaar.ratings.models import Regulation
from shaar.ratings.regulation import Criterion, Penalty
from shaar.ui.forms import NumberField, Upload


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def _words(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class RoundForm(_Form):
    """Which regulation rates which period."""

    regulation = forms.ChoiceField(label=_("Regulation"))
    period = forms.CharField(
        label=_("Period that is rated"), max_length=20, help_text=_("For example 2026-Q3, 2026-H1 or 2026.")
    )

    def __init__(self, *args: Any, regulations: Iterable[Regulation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.pk, f"{one.declared.title} ({one.version})") for one in regulations]
        self.fields["regulation"].choices = named  # type: ignore[attr-defined]

    def clean_period(self) -> Period:
        """Return the period."""
        try:
            return Period.parse(self.cleaned_data["period"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal


class RegulationForm(_Form):
    """A regulation as a file; once it is checked, its text goes along unseen."""

    file = forms.FileField(
        label=_("File of the regulation (YAML)"),
        required=False,
        widget=Upload(attrs={"accept": ".yaml,.yml"}),
        help_text=_("Take the file of a version from its page, change it, and bring it here. At most 1 MB."),
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    @property
    def content(self) -> bytes:
        """The bytes of the file, or of the text that was checked before."""
        return self._content

    def clean(self) -> dict[str, Any]:
        """Take the file, else the text that was checked."""
        given = super().clean() or {}
        file = given.get("file")
        self._content: bytes = file.read(LARGEST + 1) if file else str(given.get("text") or "").encode()
        if not self._content.strip() and not self.errors:
            self.add_error("file", _("Choose a file."))
        return given


class JudgeForm(_Form):
    """The judged share of a unit."""

    points = NumberField(label=_("Points, 0 to 100"))
    comment = _words(_("Why you judge so"), _("Everybody who sees the rating reads it."))


class PenaltyForm(_Form):
    """A penalty of a unit."""

    code = forms.ChoiceField(label=_("Penalty"))
    times = NumberField(label=_("How many cases"), initial=1)
    comment = _words(_("What the penalty is for"))

    def __init__(self, *args: Any, penalties: Iterable[Penalty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [(one.code, str(one.name)) for one in penalties]  # type: ignore[attr-defined]


class ObjectionForm(_Form):
    """What a unit says against a figure."""

    wanted = NumberField(
        label=_("What the right number is"), required=False, help_text=_("Leave it empty if you do not know.")
    )
    text = _words(_("What is wrong and how you know"))
    file = forms.FileField(label=_("What proves it"), required=False, widget=Upload)


class DecisionForm(_Form):
    """What is decided on an objection."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=(("uphold", _("Uphold: the figure is corrected")), ("decline", _("Decline"))),
        widget=forms.RadioSelect,
    )
    corrected = NumberField(
        label=_("The right number"), required=False, help_text=_("Only if the objection is upheld.")
    )
    reason = _words(_("Why it is decided so"))


class ReasonForm(_Form):
    """Why a round is sent back or opened again."""

    reason = _words(_("Why"))


class WhatIfForm(_Form):
    """Facts as they might be, a control for each criterion of a unit."""

    def __init__(
        self, *args: Any, criteria: Iterable[tuple[Criterion, Decimal | None]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for one, now in criteria:
            initial = "" if now is None else f"{now.normalize():f}"
            self.fields[one.code] = NumberField(
                label=str(one.name), required=False, initial=initial, min_value=0
            )

    @property
    def facts(self) -> Mapping[str, Decimal]:
        """Return the facts that were given."""
        return {code: value for code, value in self.cleaned_data.items() if value is not None}
