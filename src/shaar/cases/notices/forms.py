"""The forms of notices: what goes out where, quiet time, and a browser's subscription."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shaar.cases.channels import registry
from shaar.cases.notices.choices import Quiet
from shaar.cases.notices.kinds import kinds


class ChoicesForm(forms.Form):
    """For each kind the channels by which it goes out, and when the person is left in peace."""

    starts = forms.TimeField(
        label=_("Quiet from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    working_time_only = forms.BooleanField(
        label=_("Send only in working time, by the city's calendar"), required=False
    )

    def __init__(self, *args: Any, chosen: dict[tuple[str, str], bool], quiet: Quiet, **kwargs: Any) -> None:
        initial = {
            "starts": quiet.starts,
            "ends": quiet.ends,
            "working_time_only": quiet.working_time_only,
        }
        super().__init__(*args, **kwargs)
        self.initial = initial
        options = [(one.code, one.name) for one in registry.channels() if one.is_ready()]
        for kind in kinds():
            on = [code for code, _name in options if chosen.get((kind.code, code))]
            self.fields[kind.code] = forms.MultipleChoiceField(
                label=str(kind.name),
                choices=options,
                required=False,
                initial=on,
                widget=forms.CheckboxSelectMultiple,
            )

    def kind_fields(self) -> list[forms.BoundField]:
        """Return the controls of the kinds."""
        return [self[kind.code] for kind in kinds()]

    def wanted(self) -> dict[tuple[str, str], bool]:
        """Return for each kind and each channel that was offered whether it is on."""
        return {
            (kind.code, one.code): one.code in self.cleaned_data[kind.code]
            for kind in kinds()
            for one in registry.channels()
            if one.is_ready()
        }


class WordsForm(forms.Form):
    """The words of a message with placeholders."""

    title = forms.CharField(label=_("Title"), max_length=400, strip=True)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 6}), strip=True)
