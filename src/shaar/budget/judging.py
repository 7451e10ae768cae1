"""Judges the rows of a treasury's file: which are right, and what is wrong with the others, and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shaar.access.api import Actor, scope
from shaar.budget import repeating
from shaar.budget.codes import OF_SIDE, Code, codes_of, key_of
from shaar.budget.models import Kind, Line, Side
from shaar.budget.permissions import IMPORT
from shaar.budget.reading import Sheet, is_total, read, sheets_with
from shaar.city import api as city
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.money import parse_money
from shaar.kernel.writing import format_number

TOP, NO_NAME = "\0top", "\0none"  # never the name of a unit
NOT_NUMBERS = {"nan", "inf", "-inf", "#н/д", "#n/a", "#div/0!", "#дел/0!", "#ref!", "#value!"}
TOLD_EACH = 2000
Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file with what a person says of it: which side and year, which columns, which total, which act."""

    name: str
    content: bytes
    year: int
    side: str
    kind: str
    columns: Mapping[str, str]
    scale: Decimal
    control_total: Decimal
    is_example: bool = False
    act: str = ""

    @property
    def is_amendment(self) -> bool:
        """Tell whether its amounts change a plan by an act."""
        return bool(self.act)


@dataclass(frozen=True, slots=True)
class Row:
    """One amount of a file, read and found right."""

    line: int
    unit: str
    codes: Mapping[str, str]
    day: date
    amount: Decimal
    reason: str

    @property
    def key(self) -> tuple[str, str]:
        """The line of the budget that it belongs to."""
        return self.unit, key_of(self.codes)


@dataclass(slots=True)
class Judged:
    """What reading a file found: right rows, and what is wrong with the others."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Refusal] = field(default_factory=list)
    stated_total: Decimal | None = None

    @property
    def total(self) -> Decimal:
        """The right rows added up."""
        return sum((row.amount for row in self.rows), Decimal(0))


def no_step(_done: int, _total: int) -> None:
    """Tell nobody."""


def judge(sent: Sent, *, actor: Actor, step: Step = no_step) -> Judged:
    """Return the rows of a file and everything that is wrong in it, its total included.

    Refusal `unreadable`, `empty`, `too_many_rows`, `no_column`.
    """
    sheet = read(sent.content, name=sent.name, sheet=sent.columns.get("sheet", ""))
    reading = _Reading(sent, sheet, scope(actor, IMPORT).units)
    judged = reading.judged(step)
    if sent.is_amendment and not judged.problems:
        below = below_zero(judged.rows, year=sent.year, side=sent.side, kind=sent.kind)
        for line, message in below:
            reading.wrong(line, "amount", "below_zero", message)
    if not sent.is_amendment and not judged.problems:
        reading.repeated()
    if judged.stated_total is not None and judged.stated_total != judged.total and not judged.problems:
        words = {"stated": written(judged.stated_total), "found": written(judged.total)}
        message = _("The file says %(stated)s in its own total, its rows make %(found)s.") % words
        judged.problems.append(Refusal("wrong_total", message))
    if judged.total != sent.control_total and not judged.problems:
        judged.problems.append(wrong_control_total(sent.control_total, judged.total))
    return judged


def wrong_control_total(given: Decimal, found: Decimal) -> Refusal:
    """Return the refusal of a control total that the rows do not make, with the difference."""
    words = {"given": written(given), "found": written(found), "difference": written(found - given)}
    text = _("The control total is %(given)s, the rows make %(found)s: a difference of %(difference)s.")
    return Refusal("wrong_control_total", text % words, place=Place(field="control_total"))


def written(amount: Decimal) -> str:
    """Write an amount as people read it, in the language of the day."""
    return format_number(amount, get_language() or "ru", precision=2)


def below_zero(rows: list[Row], *, year: int, side: str, kind: str) -> list[tuple[int, str]]:
    """Return the rows that would leave less than nothing of a line's plan, each with what to say."""
    changes: dict[tuple[str, str], Decimal] = {}
    last: dict[tuple[str, str], int] = {}
    for row in rows:
        changes[row.key] = changes.get(row.key, Decimal(0)) + row.amount
        last[row.key] = row.line
    falling = {key for key, change in changes.items() if change < 0}
    lines = Line.objects.filter(
        year=year, side=side, unit__code__in={key[0] for key in falling}, key__in={key[1] for key in falling}
    )
    sums = lines.annotate(held=Sum("amounts__amount", filter=Q(amounts__kind=kind)))
    before = {
        (unit, key): held or Decimal(0) for unit, key, held in sums.values_list("unit__code", "key", "held")
    }
    text = _("The line has a plan of %(before)s: after this change it would be %(after)s, below zero.")
    found = []
    for key in falling:
        was = before.get(key, Decimal(0))
        if was + changes[key] < 0:
            found.append((last[key], text % {"before": written(was), "after": written(was + changes[key])}))
    return sorted(found)


class _Reading:
    """Reads the rows of one file, collecting what is wrong."""

    def __init__(self, sent: Sent, sheet: Sheet, allowed: frozenset[str] | None) -> None:
        self.sent, self.sheet = sent, sheet
        self.at = self._columns()
        self.known = codes_of(sent.year)
        self.units = units_by_name(date(sent.year, 12, 31))
        self.allowed = allowed
        self.days: dict[str, date | None] = {}
        self.result = Judged()

    def _columns(self) -> dict[str, int]:
        heads = {head.casefold(): index for index, head in reversed(list(enumerate(self.sheet.heads)))}
        found = {
            name: heads[head.casefold()]
            for name, head in self.sent.columns.items()
            if head.casefold() in heads
        }
        of_side = ("unit", "day", "amount", "reason", *OF_SIDE[Side(self.sent.side)])
        for name, head in self.sent.columns.items():
            if name not in found and name in of_side:
                raise self._no_column(name, head)
        return found

    def _no_column(self, name: str, head: str) -> Refusal:
        """Return the refusal of a column that is not there; it names the sheets that have one, if any."""
        elsewhere = sheets_with(self.sent.content, name=self.sent.name, head=head)
        if not elsewhere:
            message = _("There is no column “%(head)s” in the file.") % {"head": head}
            return Refusal("no_column", message, place=Place(field=f"column_{name}"))
        words = {"head": head, "sheets": ", ".join(elsewhere)}
        message = _("There is no column “%(head)s” on this sheet. It is on: %(sheets)s.") % words
        return Refusal("other_sheet", message, place=Place(field="column_sheet"))

    def judged(self, step: Step) -> Judged:
        seen: dict[tuple[object, ...], int] = {}
        for number, (line, cells) in enumerate(self.sheet.rows):
            if number % TOLD_EACH == 0:
                step(number, len(self.sheet.rows))
            if is_total(cells):
                self._total(line, cells)
                continue
            before = len(self.result.problems)
            row = self._row(line, cells)
            if row is None or len(self.result.problems) > before:
                continue
            mark = (*row.key, row.day, row.amount < 0)
            if mark in seen:
                text = _("This line of the budget stands in line %(line)s already, with the same day.")
                self.wrong(line, "amount", "duplicate_line", text % {"line": seen[mark]})
                continue
            seen[mark] = line
            self.result.rows.append(row)
        return self.result

    def repeated(self) -> None:
        """Keep each row that another written file holds already."""
        sent, rows = self.sent, self.result.rows
        given = [repeating.Given(*row.key, row.day, row.amount < 0) for row in rows]
        text = {
            Kind.PLAN: _("The plan of this line is stated in “%(file)s”, row %(row)s: change it by an act."),
            Kind.CASH_PLAN: _("The file “%(file)s” states this line and month already, in row %(row)s."),
        }.get(Kind(sent.kind), _("The file “%(file)s” holds this line and day already, in row %(row)s."))
        for one in repeating.find(given, year=sent.year, side=sent.side, kind=sent.kind):
            words = {"file": one.file, "row": one.row}
            self.wrong(rows[one.place].line, "amount", "already_held", text % words)

    def _cell(self, cells: tuple[str, ...], name: str) -> str:
        index = self.at.get(name)
        return cells[index] if index is not None and index < len(cells) else ""

    def wrong(self, line: int, name: str, code: str, message: str) -> None:
        """Keep what is wrong, with its line, its cell and the head of its column."""
        at = self.at.get(name, 0)
        place = self.sheet.place(line, at)
        self.result.problems.append(
            Refusal(code, message, place=Place(place.file, line, self.sheet.heads[at], cell=place.cell))
        )

    def _total(self, line: int, cells: tuple[str, ...]) -> None:
        amount = self._amount(line, cells)
        if amount is not None:
            self.result.stated_total = amount

    def _row(self, line: int, cells: tuple[str, ...]) -> Row | None:
        unit, day, amount = self._unit(line, cells), self._day(line, cells), self._amount(line, cells)
        written = {name: self._cell(cells, name) for name in OF_SIDE[Side(self.sent.side)]}
        codes = {name: code for name, code in written.items() if code}
        self._codes(line, codes, day)
        reason = self._cell(cells, "reason")
        if unit is None or day is None or amount is None:
            return None
        if amount == 0:
            self.wrong(line, "amount", "zero_amount", self._zero())
        is_return = self.sent.kind == Kind.EXECUTED and reason
        if amount < 0 and not is_return and not self.sent.is_amendment:
            text = _(
                "A negative amount is a return of money: it needs its reason in the file’s column of reasons."
            )
            self.wrong(line, "amount", "negative_amount", text)
        return Row(line, unit, codes, day, amount, reason)

    def _codes(self, line: int, codes: Mapping[str, str], day: date | None) -> None:
        if not codes:
            self.wrong(line, "amount", "no_code", _("The row has no code of the classification."))
        for name, code in codes.items():
            problem = code_problem(self.known.get((name, code), ()), code, day=day, year=self.sent.year)
            if problem is not None:
                self.wrong(line, name, problem.code, str(problem.message))

    def _zero(self) -> str:
        if self.sent.is_amendment:
            return _("The change is zero: leave the row out.")
        if self.sent.kind == Kind.EXECUTED:
            return _("The amount is zero: leave the row out.")
        return _("The plan is zero: leave the row out, or say what was planned.")

    def _unit(self, line: int, cells: tuple[str, ...]) -> str | None:
        written = self._cell(cells, "unit")
        code = self.units.get(written.casefold() or NO_NAME if "unit" in self.at else TOP)
        if code is not None and self.allowed is not None and code not in self.allowed:
            self.wrong(line, "unit", "forbidden_unit", _("This unit is outside of what you look after."))
            return None
        if code is not None:
            return code
        self.wrong(line, "unit", "unknown_unit", _("There is no unit “%(name)s”.") % {"name": written[:80]})
        return None

    def _day(self, line: int, cells: tuple[str, ...]) -> date | None:
        written = self._cell(cells, "day")
        if written not in self.days:
            self.days[written] = _day(written)
        day = self.days[written]
        if day is None:
            text = _("“%(text)s” is no day: write 31.12.2026, 2026-12-31 or 2026-12.")
            self.wrong(line, "day", "malformed_day", text % {"text": written[:40]})
        elif day.year != self.sent.year:
            text = _("The day %(day)s is not of %(year)s: this seems to be a file of another year.")
            self.wrong(line, "day", "other_year", text % {"day": written, "year": self.sent.year})
            return None
        return day

    def _amount(self, line: int, cells: tuple[str, ...]) -> Decimal | None:
        written = self._cell(cells, "amount")
        try:
            if written.casefold() in NOT_NUMBERS:
                text = _("A number is expected here, not “%(text)s”.") % {"text": written}
                raise Refusal("not_a_number", text)
            return parse_money(written, scale=self.sent.scale)
        except Refusal as refusal:
            self.wrong(line, "amount", refusal.code, str(refusal.message))
            return None


def code_problem(versions: tuple[Code, ...], code: str, *, day: date | None, year: int) -> Refusal | None:
    """Return what is wrong with a code on a day, by the versions of it that stand in the year."""
    if not versions:
        text = _("There is no code “%(code)s” in this classification in %(year)s.")
        return Refusal("unknown_code", text % {"code": code[:80], "year": year})
    if day is not None and not any(one.is_valid_on(day) for one in versions):
        text = _("The code “%(code)s” was not in use on %(day)s.")
        return Refusal("closed_code", text % {"code": code[:80], "day": day.strftime("%d.%m.%Y")})
    return None


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 a day has no zone
    except ValueError:
        return None


def units_by_name(day: date) -> dict[str, str]:
    """Return the code of each unit by its code and names; the city's top unit where there is no column."""
    found: dict[str, str] = {}
    for one in city.units(on=day):
        if one.parent is None:
            found.setdefault(TOP, one.code)
        for name in (one.code, one.name.ru, one.name.ky, one.short.ru, one.short.ky):
            if name:
                found.setdefault(name.casefold(), one.code)
    return found
