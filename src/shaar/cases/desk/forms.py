"""The forms of the inbox: what to look for, and the name under which that is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shaar.cases.desk.filters import Filter
from shaar.cases.desk.lists import Choice, Choices


class FilterForm(forms.Form):
    """What to look for in the inbox."""

    q = forms.CharField(label=_("Words"), required=False)
    work = forms.ChoiceField(label=_("Kind of work"), required=False)
    state = forms.ChoiceField(label=_("Status"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    due = forms.ChoiceField(
        label=_("Deadline"),
        required=False,
        choices=[
            ("", _("any")),
            ("overdue", _("overdue")),
            ("today", _("today")),
            ("week", _("up to the end of the week")),
        ],
    )
    whose = forms.ChoiceField(
        label=_("In whose hands"),
        required=False,
        choices=[("", _("anyone's")), ("me", _("mine")), ("nobody", _("nobody's")), ("taken", _("others'"))],
    )
    source = forms.ChoiceField(
        label=_("Whose work"),
        required=False,
        choices=[
            ("", _("mine and of the absent")),
            ("own", _("mine only")),
            ("absent", _("of the absent only")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("due", _("nearest deadline first")),
            ("new", _("newest first")),
            ("unit", _("by unit")),
            ("title", _("by title")),
        ],
    )

    def __init__(self, asked: Filter, choices: Choices, *, is_deputy: bool) -> None:
        given = {name: getattr(asked, name) for name in self.base_fields}
        super().__init__(initial=given)
        for name, found in (("work", choices.work), ("state", choices.state), ("unit", choices.unit)):
            self.fields[name].choices = _options(found, given[name])  # type: ignore[attr-defined]
        if not is_deputy:
            del self.fields["source"]


class SaveForm(forms.Form):
    """The name under which a question is kept."""

    name = forms.CharField(label=_("Name of the filter"), max_length=80)
    is_default = forms.BooleanField(label=_("Open the inbox with it"), required=False)


def _options(found: tuple[Choice, ...], chosen: str) -> list[tuple[str, Any]]:
    options: list[tuple[str, Any]] = [("", _("all"))]
    options += [(one.value, f"{one.name} ({one.count})") for one in found]
    if chosen and chosen not in {one.value for one in found}:
        options.append((chosen, chosen))
    return options
