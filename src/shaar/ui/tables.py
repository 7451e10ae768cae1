"""Data tables: declared columns, sorting, filters, a choice of columns, selection and export.

The state of a table stands in the query string, so an address is a view of it, and it works without a script:

    COLUMNS = (
        Column("name", _("Name"), lambda one: one.name, field="name", filters="contains", is_heading=True),
        Column("due", _("Due"), lambda one: one.due, kind="date", field="due", filters="range"),
    )
    table = Table(visible(actor), COLUMNS, request=request, caption=_("Requests"))
    if table.wants_file:
        return table.file()
    return render(request, "…/list.html", {"table": table})      # {% data_table table %}

Rows are a queryset, already narrowed to what the person may see, or a sequence. A queryset is filtered and
sorted by the columns' `field`, a sequence by their `value`; the number of queries does not grow with rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.html import format_html, strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shaar.kernel.texts import Text
from shaar.kernel.writing import format_number
from shaar.ui.exporting import as_csv, as_xlsx
from shaar.ui.forms import fold

RowT = TypeVar("RowT")
Kind = Literal["text", "number", "date"]
Filters = Literal["", "contains", "choice", "range"]
FILTER, SORT, COLUMNS, EXPORT, PAGE = "f-", "sort", "col", "export", "page"
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """A column: where its values come from, of which kind they are, and what a person may do with it."""

    key: str
    title: str | Promise
    value: Callable[[RowT], Any]
    kind: Kind = "text"
    field: str = ""
    cell: Callable[[RowT], str] | None = None
    filters: Filters = ""
    choices: Sequence[tuple[str, Any]] = ()
    is_sortable: bool = True
    is_hidden: bool = False
    is_heading: bool = False

    @property
    def is_numeric(self) -> bool:
        """Tell whether its values stand at the right."""
        return self.kind == "number"


@dataclass(frozen=True, slots=True)
class Action:
    """Something done with the chosen rows; the form is sent with `action` and their keys as `chosen`."""

    code: str
    text: str | Promise
    kind: Literal["secondary", "warning"] = "secondary"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the page shows it."""

    column: Column[Any]
    html: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the page shows it, with the group that begins at it."""

    key: str
    cells: list[Cell]
    group: str = ""

    @property
    def name(self) -> str:
        """Return the words of its heading, by which its box is called."""
        heading = next((cell for cell in self.cells if cell.column.is_heading), self.cells[0])
        return strip_tags(heading.html).strip()


@dataclass(frozen=True, slots=True)
class Head:
    """A head cell: the address that sorts by its column, and how it is sorted now."""

    column: Column[Any]
    url: str
    order: str


@dataclass(slots=True)
class Control:
    """A filter as the page shows it: what was asked, and what is wrong with it."""

    column: Column[Any]
    name: str
    asked: str = ""
    low: str = ""
    high: str = ""
    problem: str = ""
    bounds: tuple[Any, Any] = field(default=(None, None))

    @property
    def is_set(self) -> bool:
        """Tell whether it narrows the rows, or was meant to."""
        return bool(self.asked or self.low or self.high)


class Table(Generic[RowT]):
    """A table over rows that the caller has already narrowed to what the person may see."""

    def __init__(
        self,
        rows: "QuerySet[Any, RowT] | Sequence[RowT]",
        columns: Sequence[Column[RowT]],
        *,
        request: HttpRequest,
        caption: str | Promise,
        key: Callable[[RowT], str] | None = None,
        actions: Sequence[Action] = (),
        per_page: int = 50,
    ) -> None:
        self._rows, self.columns, self.request = rows, tuple(columns), request
        self.caption, self.actions, self._key = caption, tuple(actions), key
        self._group: Callable[[RowT], str] | None = None
        self.per_page, self.carried = per_page, frozenset({SORT})

    def grouped(self, by: Callable[[RowT], str]) -> "Table[RowT]":
        """Let a heading stand over the rows of each group, while no order of a column is asked."""
        self._group = by
        return self

    def carry(self, *names: str) -> "Table[RowT]":
        """Let the form of filters carry on parameters of the caller's own that it does not show."""
        self.carried = frozenset({*self.carried, *names})
        return self

    # What was asked ---------------------------------------------------------------------------------------
    @cached_property
    def shown(self) -> list[Column[RowT]]:
        """Return the columns that are shown: those asked for, else all that are not hidden at first."""
        asked = set(self.request.GET.getlist(COLUMNS))
        chosen = [one for one in self.columns if one.key in asked or (one.is_heading and asked)]
        return chosen or [one for one in self.columns if not one.is_hidden]

    @cached_property
    def controls(self) -> list[Control]:
        """Return the filters with what was asked of each."""
        return [self._control(one) for one in self.columns if one.filters]

    @cached_property
    def sort(self) -> tuple[Column[RowT] | None, bool]:
        """Return the column by which the rows are sorted, none at first, and whether downward."""
        asked = self.request.GET.get(SORT, "")
        found = next((one for one in self.columns if one.is_sortable and one.key == asked.lstrip("-")), None)
        return found, asked.startswith("-")

    @property
    def wants_file(self) -> bool:
        """Tell whether the request asks for a file instead of the page."""
        return self.request.GET.get(EXPORT) in FILES

    def _control(self, column: Column[RowT]) -> Control:
        name, asked = FILTER + column.key, self.request.GET
        if column.filters != "range":
            return Control(column, name, asked=asked.get(name, "").strip())
        low, high = asked.get(f"{name}-from", "").strip(), asked.get(f"{name}-to", "").strip()
        control = Control(column, name, low=low, high=high)
        try:
            control.bounds = _bound(column.kind, low), _bound(column.kind, high)
        except (ValueError, InvalidOperation):
            is_date = column.kind == "date"
            control.problem = _("Write a date as 2022-12-31.") if is_date else _("A number is expected here.")
        return control

    # The rows ---------------------------------------------------------------------------------------------
    @cached_property
    def found(self) -> "QuerySet[Any, RowT] | Sequence[RowT]":
        """Return every row that the filters leave, sorted."""
        if isinstance(self._rows, QuerySet):
            return self._sorted_query(self._filtered_query(self._rows))
        return self._sorted_list([row for row in self._rows if self._fits(row)])

    @cached_property
    def page(self) -> Page[RowT]:
        """Return the rows of the asked page; a page beyond the last is the last."""
        return Paginator(self.found, self.per_page).get_page(self.request.GET.get(PAGE))

    @cached_property
    def rows(self) -> list[Row]:
        """Return the rows of the page as they are shown."""
        found, before = [], ""
        for row in self.page.object_list:
            group = self._group(row) if self._group and self.sort[0] is None else ""
            cells = [_cell(column, row) for column in self.shown]
            found.append(Row(self._key(row) if self._key else "", cells, group if group != before else ""))
            before = group
        return found

    @property
    def width(self) -> int:
        """Return how many cells a row has."""
        return len(self.shown) + bool(self.actions)

    @property
    def count(self) -> int:
        """Return how many rows the filters leave."""
        return self.page.paginator.count

    def _filtered_query(self, rows: "QuerySet[Any, RowT]") -> "QuerySet[Any, RowT]":
        for one in self.controls:
            name = one.column.field
            if one.asked:
                lookup = f"{name}__icontains" if one.column.filters == "contains" else name
                rows = rows.filter(**{lookup: one.asked})
            low, high = one.bounds
            if low is not None:
                rows = rows.filter(**{f"{name}__gte": low})
            if high is not None:
                rows = rows.filter(**{f"{name}__lte": high})
        return rows

    def _sorted_query(self, rows: "QuerySet[Any, RowT]") -> "QuerySet[Any, RowT]":
        column, is_down = self.sort
        if column is None:
            return rows
        by = F(column.field).desc(nulls_last=True) if is_down else F(column.field).asc(nulls_last=True)
        return rows.order_by(by, "pk")

    def _fits(self, row: RowT) -> bool:
        return all(_fits(one, one.column.value(row)) for one in self.controls if one.is_set)

    def _sorted_list(self, rows: list[RowT]) -> list[RowT]:
        column, is_down = self.sort
        if column is None:
            return rows
        known = [row for row in rows if column.value(row) not in (None, "")]
        missing = [row for row in rows if column.value(row) in (None, "")]
        known.sort(key=lambda row: _order(column.value(row)), reverse=is_down)
        return known + missing

    # What the page needs ----------------------------------------------------------------------------------
    @property
    def heads(self) -> list[Head]:
        """Return the head cells."""
        chosen, is_down = self.sort
        found = []
        for column in self.shown:
            is_this = chosen is not None and column.key == chosen.key
            order = ("descending" if is_down else "ascending") if is_this else ""
            value = f"-{column.key}" if order == "ascending" else column.key
            found.append(Head(column, self.address(**{SORT: value}) if column.is_sortable else "", order))
        return found

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return what a form of filters carries on: the order of rows and what the caller named."""
        asked = self.request.GET
        return [(name, value) for name in sorted(self.carried) for value in asked.getlist(name)]

    @property
    def is_narrowed(self) -> bool:
        """Tell whether a filter is set."""
        return any(one.is_set for one in self.controls)

    @property
    def chosen_words(self) -> str:
        """Return how a script says how many rows are chosen."""
        return _("Chosen rows: %d")

    @property
    def csv_url(self) -> str:
        """Return the address of exactly these rows as CSV."""
        return self.address(**{EXPORT: "csv"})

    @property
    def xlsx_url(self) -> str:
        """Return the address of exactly these rows as a workbook."""
        return self.address(**{EXPORT: "xlsx"})

    def address(self, **changes: str) -> str:
        """Return the query string with some parameters changed and the page forgotten."""
        query = self.request.GET.copy()
        for name in (PAGE, EXPORT):
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"?{query.urlencode()}"

    # The file ---------------------------------------------------------------------------------------------
    def file(self) -> HttpResponse:
        """Return every row that the filters leave, in the shown columns, as the asked file."""
        head = [(str(column.title), column.kind) for column in self.shown]
        made = FILES[self.request.GET[EXPORT]]
        return made(str(self.caption), head, self._values())

    def _values(self) -> Iterator[list[Any]]:
        found: Iterable[RowT] = self.found
        for row in found:
            yield [_plain(_told(column, row)) for column in self.shown]


def _bound(kind: Kind, written: str) -> Any:
    if not written:
        return None
    if kind == "date":
        return date.fromisoformat(written)
    return Decimal(written.replace("\u00a0", "").replace(" ", "").replace(",", "."))


def _fits(control: Control, value: Any) -> bool:
    if control.asked and control.column.filters == "choice":
        return str(value) == control.asked
    if control.asked:
        words = fold(control.asked).split()
        return all(word in fold(str(value)) for word in words)
    low, high = control.bounds
    if low is None and high is None:
        return True
    if value is None:
        return False
    if isinstance(value, datetime):
        value = value.date()
    return (low is None or value >= low) and (high is None or value <= high)


def _order(value: Any) -> Any:
    return fold(str(value)) if isinstance(value, str | Promise | Text) else value


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Promise | Text) else value


def _told(column: Column[RowT], row: RowT) -> Any:
    """Return a value as people read it: of a list of choices, the words of the chosen one."""
    value = column.value(row)
    return dict(column.choices).get(value, value) if column.choices else value


def _cell(column: Column[RowT], row: RowT) -> Cell:
    language = (get_language() or "ru")[:2]
    if column.cell is not None:
        return Cell(column, column.cell(row))
    value = _told(column, row)
    if isinstance(value, Text):
        return Cell(column, format_html("{}", value.of(language)), "" if value.has(language) else "ru")
    return Cell(column, format_html("{}", _written(value, language)))


def _written(value: Any, language: str) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return format_number(Decimal(str(value)), language)
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value)
