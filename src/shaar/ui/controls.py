"""How each control of a form is drawn: which kind it is, its class, and what describes it."""

from dataclasses import dataclass

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shaar.ui.forms import Counted, Lookup, Parts, Password, Pick, Upload

# The first that fits wins: a subclass stands before its base.
KINDS: list[tuple[type[forms.Widget], str, str]] = [
    (Parts, "parts", ""),
    (Counted, "counted", "govuk-textarea"),
    (forms.Textarea, "textarea", "govuk-textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes", ""),
    (forms.RadioSelect, "radios", ""),
    (Pick, "pick", "govuk-select"),
    (forms.Select, "select", "govuk-select"),
    (Upload, "upload", "govuk-file-upload"),
    (forms.FileInput, "file", "govuk-file-upload"),
    (forms.CheckboxInput, "checkbox", "govuk-checkboxes__input"),
    (Password, "password", "govuk-input govuk-input--width-20"),
    (Lookup, "lookup", "govuk-input"),
]
GROUPS = {"radios", "checkboxes", "parts"}
# Kinds that a script completes, which takes the words it shows from the control.
SCRIPTED = {"counted", "pick", "lookup", "upload", "password"}


@dataclass(frozen=True, slots=True)
class Control:
    """A control as its component draws it; `own` names its hint and error, `id` is what its label is for."""

    kind: str
    own: str
    id: str
    html: SafeString
    described: str = ""
    words: tuple[tuple[str, str], ...] = ()

    @property
    def is_group(self) -> bool:
        """Tell whether it is several controls under one legend."""
        return self.kind in GROUPS

    @property
    def has_items(self) -> bool:
        """Tell whether it is a list of choices to tick."""
        return self.kind in {"radios", "checkboxes"}


def kind_of(widget: forms.Widget) -> tuple[str, str]:
    """Return the kind of a widget and its class."""
    for known, kind, css in KINDS:
        if isinstance(widget, known):
            return kind, css
    return "input", "govuk-input"


def target_of(bound: forms.BoundField) -> str:
    """Return the id to which an error of the summary leads: the control, or the first of a group."""
    if kind_of(bound.field.widget)[0] in {"radios", "checkboxes"}:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def drawn_control(bound: forms.BoundField) -> Control:
    """Return how a bound field is drawn."""
    own, target = bound.auto_id, target_of(bound)
    if bound.is_hidden:
        return Control("hidden", own, target, bound.as_widget())
    kind, css = kind_of(bound.field.widget)
    parts = (("hint", bound.help_text), ("error", bound.errors), ("left", kind == "counted"))
    described = " ".join(f"{own}-{part}" for part, shown in parts if shown)
    if kind in {"radios", "checkboxes"}:
        return Control(kind, own, target, SafeString(), described)
    attributes: dict[str, str | bool] = {}
    if kind != "parts":
        css = f"{css} {bound.field.widget.attrs.get('class', '')}".strip()
        attributes = {"class": f"{css} {css.split()[0]}--error" if bound.errors else css}
        attributes["aria-describedby"] = described or False
    if bound.errors:
        attributes["aria-invalid"] = "true"
    words = _words(kind) if kind in SCRIPTED else ()
    return Control(kind, own, target, bound.as_widget(attrs=attributes), described, words)


def _words(kind: str) -> tuple[tuple[str, str], ...]:
    match kind:
        case "counted":
            return (("left", _("Characters left: %d")), ("over", _("Too many characters: %d")))
        case "password":
            return (("show", _("Show the password")), ("hide", _("Hide the password")))
        case "upload":
            failed = _("The file was not sent. Check the connection and try again.")
            return (("sending", _("Sent: %s per cent")), ("chosen", _("Chosen: %s")), ("failed", failed))
        case _:
            none, count, hint = _("Nothing was found"), _("Found: %d"), _("Type a part of the name")
            return (("none", none), ("count", count), ("hint", hint))
