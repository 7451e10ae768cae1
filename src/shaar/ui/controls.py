"""How each control of a form is drawn: which kind it is, its class, and what describes it."""

from dataclasses import dataclass

from django import forms
from django.utils.safestring import SafeString

# The first that fits wins: a subclass stands before its base.
KINDS: list[tuple[type[forms.Widget], str, str]] = [
    (forms.Textarea, "textarea", "govuk-textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes", ""),
    (forms.RadioSelect, "radios", ""),
    (forms.Select, "select", "govuk-select"),
    (forms.FileInput, "file", "govuk-file-upload"),
    (forms.CheckboxInput, "checkbox", "govuk-checkboxes__input"),
]
CHOICES = {"radios", "checkboxes"}


@dataclass(frozen=True, slots=True)
class Control:
    """A control as its component draws it; `id` names its label's target and its hint and error."""

    kind: str
    id: str
    html: SafeString
    described: str = ""
    is_group: bool = False
    items: bool = False
    wrapper: tuple[tuple[str, str], ...] = ()

    @property
    def group_id(self) -> str:
        """Return the id of the group of several controls."""
        return f"{self.id}-group"


def kind_of(widget: forms.Widget) -> tuple[str, str]:
    """Return the kind of a widget and its class."""
    for known, kind, css in KINDS:
        if isinstance(widget, known):
            return kind, css
    return "input", "govuk-input"


def target_of(bound: forms.BoundField) -> str:
    """Return the id to which an error of the summary leads: the control, or the first of a group."""
    own = bound.auto_id
    if kind_of(bound.field.widget)[0] in CHOICES:
        return f"{own}_0"
    return bound.id_for_label or own


def drawn_control(bound: forms.BoundField) -> Control:
    """Return how a bound field is drawn."""
    own = bound.auto_id
    if bound.is_hidden:
        return Control("hidden", own, bound.as_widget())
    kind, css = kind_of(bound.field.widget)
    parts = (("hint", bound.help_text), ("error", bound.errors))
    described = " ".join(f"{own}-{part}" for part, shown in parts if shown)
    if kind in CHOICES:
        return Control(kind, own, SafeString(), described, is_group=True, items=True)
    if bound.errors and kind != "checkbox":
        css += f" {css}--error"
    attributes: dict[str, str | bool] = {"class": css, "aria-describedby": described or False}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return Control(kind, own, bound.as_widget(attrs=attributes), described)
