"""The forms by which a role holder changes a passport or the rules."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.city import api as city
from shaar.indicators.labels import GOODS, RULES, SEVERITIES
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import PeriodKind

Document = dict[str, Any]
LANGUAGES = ("ru", "ky", "en")
# Where a fault of the declaration is told: the control whose part of the document it is in.
CONTROLS = {
    "name": "name_ru", "good": "good", "owner": "owner", "calendar": "every", "precision": "precision",
    "writing.ru": "noun_ru", "writing.ky": "noun_ky", "source.formula": "formula", "expected": "expected",
    "note": "note_ru",
}  # fmt: skip
EVERY = {
    PeriodKind.MONTH: _("every month"), PeriodKind.QUARTER: _("every quarter"),
    PeriodKind.HALF: _("every half-year"), PeriodKind.YEAR: _("every year"),
}  # fmt: skip


class _PlainForm(forms.Form):
    """A form whose labels carry no colon, and which says why something is changed."""

    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=500,
        help_text=_("Stays in the history for good."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def refuse(self, refusal: Refusal, controls: Mapping[str, str]) -> None:
        """Tell each fault beside the control that it is about."""
        for problem in refusal.problems:
            field = (problem.place.field if problem.place else "") or ""
            named = next((one for part, one in controls.items() if field.startswith(part)), None)
            self.add_error(named if named in self.fields else None, str(problem.message))


class PassportForm(_PlainForm):
    """What a role holder may change of a passport; where its values come from stays with the pack."""

    name_ru = forms.CharField(label=_("Name in Russian"), max_length=400)
    name_ky = forms.CharField(label=_("Name in Kyrgyz"), max_length=400, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=400, required=False)
    owner = forms.ChoiceField(label=_("Who answers for it"))
    good = forms.ChoiceField(label=_("Good direction"), choices=list(GOODS.items()))
    every = forms.ChoiceField(
        label=_("Collected"), choices=[("", _("not by a calendar")), *EVERY.items()], required=False
    )
    due_working_days = forms.IntegerField(
        label=_("Working days after the period until it is due"), min_value=0, max_value=366, required=False
    )
    precision = forms.IntegerField(
        label=_("Decimal places"),
        min_value=0,
        max_value=12,
        required=False,
        help_text=_("Empty: as recorded."),
    )
    noun_ru = forms.CharField(
        label=_("Counted noun in Russian"),
        max_length=120,
        required=False,
        help_text=_("In the nominative singular."),
    )
    noun_ky = forms.CharField(label=_("Counted noun in Kyrgyz"), max_length=120, required=False)
    formula = forms.CharField(label=_("Formula"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    expected = forms.CharField(
        label=_("Formula of the expected value"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note_ru = forms.CharField(
        label=_("Note in Russian"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    note_ky = forms.CharField(
        label=_("Note in Kyrgyz"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial=initial_of(document), **kwargs)
        if not document["source"].get("formula"):
            del self.fields["formula"]
        language = (get_language() or "ru")[:2]
        owner = self.fields["owner"]
        if isinstance(owner, forms.ChoiceField):
            owner.choices = [(one.code, one.name.of(language)) for one in city.units(on=clock.today())]

    def changed(self, document: Document) -> Document:
        """Return the declaration with what the form says; call on a valid form."""
        said = self.cleaned_data
        document = {**document, "good": said["good"], "owner": said["owner"], "precision": said["precision"]}
        document["name"] = {one: said[f"name_{one}"] for one in LANGUAGES if said[f"name_{one}"]}
        days = 10 if said["due_working_days"] is None else said["due_working_days"]
        document["calendar"] = {"every": said["every"], "due_working_days": days} if said["every"] else None
        nouns = {one: {"noun": said[f"noun_{one}"]} for one in ("ru", "ky") if said[f"noun_{one}"]}
        english = (document.get("writing") or {}).get("en")
        document["writing"] = nouns | ({"en": english} if english else {})
        document["expected"] = said["expected"] or None
        if "formula" in said:
            document["source"] = {**document["source"], "formula": said["formula"]}
        note = {one: said[f"note_{one}"] for one in ("ru", "ky") if said[f"note_{one}"]}
        document["note"] = note or None
        return document


def initial_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows of a declaration."""
    note, writing, calendar = (document.get(key) or {} for key in ("note", "writing", "calendar"))
    return {
        **{f"name_{one}": document["name"].get(one, "") for one in LANGUAGES},
        **{f"noun_{one}": (writing.get(one) or {}).get("noun", "") for one in ("ru", "ky")},
        **{f"note_{one}": note.get(one, "") for one in ("ru", "ky")},
        **{key: document.get(key) for key in ("good", "owner", "precision")},
        "every": calendar.get("every", ""),
        "due_working_days": calendar.get("due_working_days"),
        "formula": document["source"].get("formula") or "",
        "expected": document.get("expected") or "",
    }


class RulesForm(_PlainForm):
    """How severe each rule is, and which indicators it leaves alone."""

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = [one["rule"] for one in document["rules"]]
        for one in document["rules"]:
            code, name = one["rule"], RULES.get(one["rule"], one["rule"])
            self.fields[f"severity_{code}"] = forms.ChoiceField(
                label=name, choices=list(SEVERITIES.items()), initial=one["severity"]
            )
            self.fields[f"except_{code}"] = forms.CharField(
                label=_("Leaves alone: %(rule)s") % {"rule": name},
                initial="\n".join(one.get("except", ())),
                required=False,
                max_length=5_000,
                help_text=_("Codes of indicators, each on its line."),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def changed(self, document: Document) -> Document:
        """Return the rules with what the form says; call on a valid form."""
        for one in document["rules"]:
            one["severity"] = self.cleaned_data[f"severity_{one['rule']}"]
            one["except"] = self.cleaned_data[f"except_{one['rule']}"].split()
        return document

    def controls(self) -> dict[str, str]:
        """Return the control of each part of the document."""
        return dict(_controls(self.rules))


def _controls(rules: Iterable[str]) -> Iterable[tuple[str, str]]:
    for index, code in enumerate(rules):
        yield f"{index}].severity", f"severity_{code}"
        yield f"{index}].except", f"except_{code}"
