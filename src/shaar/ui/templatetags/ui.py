"""The design system's components as template tags, and filters that write numbers and periods."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms, template
from django.core.paginator import Page
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shaar.kernel.periods import Period
from shaar.kernel.quantities import Quantity
from shaar.kernel.texts import Text
from shaar.kernel.writing import format_number, format_quantity
from shaar.ui.calls import call, slot
from shaar.ui.chartpanel import shown_chart
from shaar.ui.charts import Chart
from shaar.ui.controls import Control, drawn_control, target_of
from shaar.ui.fonts import fonts_for
from shaar.ui.registry import find

if TYPE_CHECKING:
    from django.http import HttpRequest

register = template.Library()

TONES = {
    "executed": "green", "accepted": "green", "approved": "green", "confirmed": "green", "known": "green",
    "in_progress": "blue", "submitted": "blue", "partial": "yellow", "draft": "grey", "not_started": "grey",
    "missing": "orange", "overdue": "red", "returned": "orange", "cancelled": "grey", "disputed": "red",
    "finding": "yellow", "error": "red", "warning": "orange",
}  # fmt: skip

register.tag("c", call)
register.tag("slot", slot)


def _shown(context: Context, component: str, **values: object) -> SafeString:
    return find(component).render(values, context=context)


# Components under the names by which pages have always called them ------------------------------------------
@register.simple_tag(takes_context=True)
def button(
    context: Context, text: object, *, href: str = "", kind: str = "primary", name: str = "", value: str = ""
) -> SafeString:
    """Show a button of a form, or a link that looks like one."""
    return _shown(context, "button", text=text, href=href, kind=kind, name=name, value=value)


@register.simple_tag(takes_context=True)
def errors(context: Context, form: forms.BaseForm) -> SafeString:
    """Show the summary of a form's errors, each a link to its control."""
    found: list[tuple[str, str]] = [("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        found += [(target_of(bound), str(error)) for error in bound.errors]
    return _shown(context, "errors", found=found)


@register.simple_tag(takes_context=True)
def field(context: Context, bound: forms.BoundField) -> SafeString:
    """Show a form control with its label, hint and error."""
    return _shown(context, "field", field=bound)


@register.simple_tag(takes_context=True)
def status_tag(context: Context, code: str, text: object) -> SafeString:
    """Show a state as a tag whose colour only repeats what its text says."""
    return _shown(context, "tag", text=text, tone=TONES.get(str(code), "grey"))


@register.simple_tag(takes_context=True)
def summary_list(context: Context, rows: Iterable[tuple[object, object]]) -> SafeString:
    """Show pairs of name and value; a pair without a value is left out."""
    return _shown(context, "summary_list", rows=rows)


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any]) -> SafeString:
    """Show links to the neighbouring pages of a list, keeping its filters."""
    return _shown(context, "pagination", page=page)


@register.simple_tag(takes_context=True)
def progress(context: Context, done: int, total: int, label: object) -> SafeString:
    """Show how much of a piece of work is done, as a bar and in words."""
    return _shown(context, "progress", done=done, total=total, label=label)


@register.simple_tag(takes_context=True)
def data_table(context: Context, table: object) -> SafeString:
    """Show a data table of ui.tables with its filters, choice of columns, selection and files."""
    return _shown(context, "data_table", table=table)


@register.inclusion_tag("ui/panels/chart.html")
def chart(drawn: Chart) -> dict[str, Any]:
    """Show a chart with its table and the links that save it."""
    return shown_chart(drawn)


# What the components' templates reckon with -----------------------------------------------------------------
@register.simple_tag
def control(bound: forms.BoundField) -> Control:
    """Return how a form control is drawn."""
    return drawn_control(bound)


@register.simple_tag
def percent(done: float, total: float) -> int:
    """Return a share in whole percents, 0 of nothing."""
    return round(100 * done / total) if total else 0


@register.simple_tag(takes_context=True)
def pages_around(context: Context, page: Page[Any], name: str) -> dict[str, str]:
    """Return the addresses of the pages before and after, keeping everything else of the query."""
    request: HttpRequest = context["request"]

    def link(number: int) -> str:
        kept = request.GET.copy()
        kept[name] = str(number)
        return f"?{kept.urlencode()}"

    return {
        "previous": link(page.previous_page_number()) if page.has_previous() else "",
        "next": link(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag
def font_preloads() -> SafeString:
    """Return links that fetch the fonts of the page's language before the style sheet asks for them."""
    line = '<link rel="preload" as="font" type="font/woff2" href="{}" crossorigin>'
    return format_html_join("\n  ", line, ((static(path),) for path in fonts_for(_language())))


@register.filter
def times(count: int) -> range:
    """Return as many turns of a loop."""
    return range(count)


@register.filter
def tone(level: str) -> str:
    """Return the tone of a notice for a level of Django's messages."""
    return level if level in {"success", "warning", "error"} else "info"


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
