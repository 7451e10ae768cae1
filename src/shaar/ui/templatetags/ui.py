"""The design system's components as template tags, and filters that write numbers and periods."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms, template
from django.core.paginator import Page
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shaar.kernel.periods import Period
from shaar.kernel.quantities import Quantity
from shaar.kernel.texts import Text
from shaar.kernel.writing import format_number, format_quantity

if TYPE_CHECKING:
    from django.http import HttpRequest

register = template.Library()

TONES = {
    "executed": "green", "accepted": "green", "approved": "green", "confirmed": "green", "known": "green",
    "in_progress": "blue", "submitted": "blue", "partial": "yellow", "draft": "grey", "not_started": "grey",
    "missing": "orange", "overdue": "red", "returned": "orange", "cancelled": "grey", "disputed": "red",
    "finding": "yellow", "error": "red", "warning": "orange",
}  # fmt: skip
BUTTONS = {"primary": "", "secondary": "govuk-button--secondary", "warning": "govuk-button--warning"}
WIDGETS: dict[type[forms.Widget], tuple[str, str]] = {
    forms.Textarea: ("textarea", "govuk-textarea"),
    forms.Select: ("select", "govuk-select"),
    forms.ClearableFileInput: ("file", "govuk-file-upload"),
    forms.FileInput: ("file", "govuk-file-upload"),
    forms.CheckboxInput: ("checkbox", "govuk-checkboxes__input"),
    forms.RadioSelect: ("radios", "govuk-radios__input"),
}


@register.inclusion_tag("ui/tags/button.html")
def button(
    text: str, *, href: str = "", kind: str = "primary", name: str = "", value: str = ""
) -> dict[str, str]:
    """Show a button of a form, or a link that looks like one."""
    return {"text": text, "href": href, "style": BUTTONS[kind], "name": name, "value": value}


@register.inclusion_tag("ui/tags/errors.html")
def errors(form: forms.BaseForm) -> dict[str, Any]:
    """Show the summary of a form's errors, each a link to its control."""
    found: list[tuple[str, str]] = [("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        found += [(bound.id_for_label, str(error)) for error in bound.errors]
    return {"found": found}


@register.inclusion_tag("ui/tags/field.html")
def field(bound: forms.BoundField) -> dict[str, Any]:
    """Show a form control with its label, hint and error."""
    kind, css = next(
        (found for widget, found in WIDGETS.items() if isinstance(bound.field.widget, widget)),
        ("input", "govuk-input"),
    )
    if bound.errors and kind not in {"checkbox", "radios"}:
        css += f" {css.split()[0]}--error"
    described = " ".join(
        f"{bound.id_for_label}-{part}"
        for part, shown in (("hint", bound.help_text), ("error", bound.errors))
        if shown
    )
    attributes = {"class": css, "aria-describedby": described or False}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    control = "" if kind == "radios" else bound.as_widget(attrs=attributes)
    return {"bound": bound, "kind": kind, "control": control}


@register.inclusion_tag("ui/tags/status.html")
def status_tag(code: str, text: object) -> dict[str, Any]:
    """Show a state as a tag whose colour only repeats what its text says."""
    return {"tone": TONES.get(str(code), "grey"), "text": text}


@register.inclusion_tag("ui/tags/chart.html")
def chart(drawn: Any) -> dict[str, Any]:
    """Show a chart with its description and, folded, the table of its values."""
    head, *rows = drawn.table
    return {"chart": drawn, "svg": mark_safe(drawn.svg), "head": head, "rows": rows}  # noqa: S308 - our own SVG


@register.inclusion_tag("ui/tags/summary_list.html")
def summary_list(rows: Iterable[tuple[object, object]]) -> dict[str, Any]:
    """Show pairs of name and value; a pair without a value is left out."""
    return {"rows": [(key, value) for key, value in rows if value not in (None, "")]}


@register.inclusion_tag("ui/tags/pagination.html", takes_context=True)
def pagination(context: dict[str, Any], page: Page[Any]) -> dict[str, Any]:
    """Show links to the neighbouring pages of a list, keeping its filters."""
    request: HttpRequest = context["request"]
    kept = [(key, value) for key, value in request.GET.items() if key != "page"]

    def link(number: int) -> str:
        return "?" + urlencode([*kept, ("page", number)])

    return {
        "page": page,
        "previous": link(page.previous_page_number()) if page.has_previous() else "",
        "next": link(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/tags/progress.html")
def progress(done: int, total: int, label: object) -> dict[str, Any]:
    """Show how much of a piece of work is done, as a bar and in words."""
    return {
        "done": done,
        "total": total,
        "label": label,
        "percent": round(100 * done / total) if total else 0,
    }


@register.filter
def text(value: Text | str | None) -> str:
    """Return a text in the language of the page."""
    return value.of(_language()) if isinstance(value, Text) else str(value or "")


@register.filter
def language_of(value: Text) -> str:
    """Return the language in which `text` shows a text, for the lang attribute of a fallback."""
    return _language() if value.has(_language()) else "ru"


@register.filter
def number(value: Decimal | float | None, precision: int | None = None) -> str:
    """Write a number with the page's separators; nothing for a missing one."""
    return "" if value is None else format_number(Decimal(str(value)), _language(), precision=precision)


@register.filter
def quantity(value: Quantity | None, precision: int | None = None) -> str:
    """Write a quantity with its qualifier; nothing for a missing one."""
    return "" if value is None else format_quantity(value, _language(), precision=precision)


@register.filter
def period_name(value: Period | str) -> str:
    """Write what people call a period."""
    return (Period.parse(value) if isinstance(value, str) else value).name(_language())


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> SafeString:
    """Return the page's query string with some parameters changed; an empty value removes its parameter."""
    kept = {key: value for key, value in context["request"].GET.items() if key not in {"page", *changes}}
    chosen = {key: str(value) for key, value in changes.items() if value not in (None, "")}
    return mark_safe("?" + urlencode({**kept, **chosen}))  # noqa: S308 - urlencode leaves nothing to escape but &


def _language() -> str:
    return (get_language() or "ru")[:2]
