"""Files of the treasury: checked row by row, written as a whole if the total is right, undone as a whole."""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor, acting, check, scope
from shaar.budget.codes import OF_SIDE, Code, codes_on, key_of, unknown
from shaar.budget.facts import EXECUTED
from shaar.budget.models import Amount, ImportState, Kind, Line, Side, TreasuryFile
from shaar.budget.permissions import IMPORT
from shaar.budget.reading import Sheet, is_total, read
from shaar.cases import api as cases
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.money import parse_money
from shaar.ledger import api as ledger

MOST_PROBLEMS = 1000
FACT_BITS = 24
LOCK = 0x42554447
TOP, NO_NAME = "\0top", "\0none"  # never the name of a unit
NOT_NUMBERS = {"nan", "inf", "-inf", "#н/д", "#n/a", "#div/0!", "#дел/0!", "#ref!", "#value!"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file with what a person says of it: which side and year, which columns, which total."""

    name: str
    content: bytes
    year: int
    side: str
    kind: str
    columns: Mapping[str, str]
    scale: Decimal
    control_total: Decimal
    is_example: bool = False


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


def take_in(sent: Sent, *, actor: Actor, at: datetime) -> int:
    """Keep a file and what checking it found; nothing of it is written yet. Return its number.

    Refusal `forbidden`, `unreadable`, `empty`, `too_many_rows`, `no_column`, `already_written`.
    """
    check(actor, IMPORT)
    digest = hashlib.sha256(sent.content).hexdigest()
    same = TreasuryFile.objects.filter(sha256=digest, year=sent.year, side=sent.side, kind=sent.kind)
    if same.filter(state=ImportState.WRITTEN).exists():
        raise Refusal("already_written", _("This very file is written already; undo it first."))
    judged = judge(sent, actor=actor)
    stored = cases.store_file(io.BytesIO(sent.content), name=sent.name, actor=actor, at=at)
    problems = [_told(one) for one in judged.problems[:MOST_PROBLEMS]]
    row = TreasuryFile.objects.create(
        year=sent.year, side=sent.side, kind=sent.kind, name=sent.name, sha256=digest, stored=stored.id,
        columns=dict(sent.columns), scale=sent.scale, control_total=sent.control_total,
        found_total=judged.total, rows=len(judged.rows), problems=problems, is_example=sent.is_example,
        counts=_counts(sent, judged) | {"problems": len(judged.problems)},
        state=ImportState.FAULTY if judged.problems else ImportState.READY,
        taken_in_at=at, taken_in_by=actor.key, changed_at=at, changed_by=actor.key,
    )  # fmt: skip
    return int(row.pk)


def judge(sent: Sent, *, actor: Actor) -> Judged:
    """Return the rows of a file and everything that is wrong in it, its total included."""
    sheet = read(sent.content, name=sent.name)
    judged = _Reading(sent, sheet, scope(actor, IMPORT).units).judged()
    if judged.stated_total is not None and judged.stated_total != judged.total and not judged.problems:
        words = {"stated": judged.stated_total, "found": judged.total}
        message = _("The file says %(stated)s in its own total, its rows make %(found)s.") % words
        judged.problems.append(Refusal("wrong_total", message))
    if judged.total != sent.control_total and not judged.problems:
        words = {
            "given": sent.control_total,
            "found": judged.total,
            "difference": judged.total - sent.control_total,
        }
        text = _("The control total is %(given)s, the rows make %(found)s: a difference of %(difference)s.")
        judged.problems.append(Refusal("wrong_control_total", text % words))
    return judged


def write(number: int, *, actor: Actor, at: datetime) -> None:
    """Write a checked file as one whole, with its facts; Refusal `not_ready`, or what is wrong by now."""
    check(actor, IMPORT)
    with transaction.atomic(), acting(actor):
        row = _locked(number)
        if row.state != ImportState.READY:
            raise Refusal("not_ready", _("Only a checked file can be written."))
        with cases.open_file(row.stored) as file:
            content = file.read()
        sent = Sent(
            row.name, content, row.year, row.side, row.kind, row.columns, row.scale, row.control_total,
            row.is_example,
        )  # fmt: skip
        judged = judge(sent, actor=actor)
        if judged.problems:
            raise judged.problems[0]
        _write_rows(row, judged.rows, actor=actor, at=at)
        try:
            with transaction.atomic():
                _move(row, ImportState.WRITTEN, actor=actor, at=at)
        except IntegrityError as error:
            raise Refusal(
                "already_written", _("This very file is written already; undo it first.")
            ) from error


def undo(number: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take every amount of a written file back by its opposite; Refusal `not_written`, `reason_required`."""
    check(actor, IMPORT)
    if not reason.strip():
        raise Refusal("reason_required", _("Say why the file is undone."))
    with transaction.atomic(), acting(actor):
        row = _locked(number)
        if row.state != ImportState.WRITTEN:
            raise Refusal("not_written", _("Only a written file can be undone."))
        held = list(row.amounts.select_related("line__unit").filter(takes_back=None).order_by("pk"))
        opposite = [
            Amount(
                line=one.line, kind=one.kind, day=one.day, amount=-one.amount, reason=reason.strip(),
                file=row, row=one.row, takes_back=one, recorded_at=at, recorded_by=actor.key,
            )
            for one in held
        ]  # fmt: skip
        _record(row, opposite, actor=actor)
        row.reason = reason.strip()
        _move(row, ImportState.UNDONE, actor=actor, at=at)


class _Reading:
    """Reads the rows of one file, collecting what is wrong."""

    def __init__(self, sent: Sent, sheet: Sheet, allowed: frozenset[str] | None) -> None:
        self.sent, self.sheet = sent, sheet
        self.at = self._columns()
        self.known = codes_on(date(sent.year, 12, 31))
        self.units = _units(date(sent.year, 12, 31))
        self.allowed = allowed
        self.result = Judged()

    def _columns(self) -> dict[str, int]:
        heads = {head.casefold(): index for index, head in reversed(list(enumerate(self.sheet.heads)))}
        found = {
            name: heads[head.casefold()]
            for name, head in self.sent.columns.items()
            if head.casefold() in heads
        }
        for name in ("amount", "day"):
            if name not in found:
                head = self.sent.columns.get(name, "")
                message = _("There is no column “%(head)s” in the file.") % {"head": head}
                raise Refusal("no_column", message, place=self.sheet.place(1, 0))
        return found

    def judged(self) -> Judged:
        seen: dict[tuple[object, ...], int] = {}
        for line, cells in self.sheet.rows:
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
                self._wrong(line, "amount", "duplicate_line", text % {"line": seen[mark]})
                continue
            seen[mark] = line
            self.result.rows.append(row)
        return self.result

    def _cell(self, cells: tuple[str, ...], name: str) -> str:
        index = self.at.get(name)
        return cells[index] if index is not None and index < len(cells) else ""

    def _wrong(self, line: int, name: str, code: str, message: str) -> None:
        self.result.problems.append(
            Refusal(code, message, place=self.sheet.place(line, self.at.get(name, 0)))
        )

    def _total(self, line: int, cells: tuple[str, ...]) -> None:
        amount = self._amount(line, cells)
        if amount is not None:
            self.result.stated_total = amount

    def _row(self, line: int, cells: tuple[str, ...]) -> Row | None:
        unit, day, amount = self._unit(line, cells), self._day(line, cells), self._amount(line, cells)
        written = {name: self._cell(cells, name) for name in OF_SIDE[Side(self.sent.side)]}
        codes = {name: code for name, code in written.items() if code}
        for name, code in unknown(codes, self.known):
            text = _("There is no code “%(code)s” in this classification in %(year)s.")
            self._wrong(line, name, "unknown_code", text % {"code": code[:80], "year": self.sent.year})
        if not codes:
            self._wrong(line, "amount", "no_code", _("The row has no code of the classification."))
        reason = self._cell(cells, "reason")
        if unit is None or day is None or amount is None:
            return None
        if amount == 0:
            self._wrong(line, "amount", "zero_amount", self._zero())
        if amount < 0 and not (self.sent.kind == Kind.EXECUTED and reason):
            text = _(
                "A negative amount is a return of money: it needs its reason in the file’s column of reasons."
            )
            self._wrong(line, "amount", "negative_amount", text)
        return Row(line, unit, codes, day, amount, reason)

    def _zero(self) -> str:
        if self.sent.kind == Kind.EXECUTED:
            return _("The amount is zero: leave the row out.")
        return _("The plan is zero: leave the row out, or say what was planned.")

    def _unit(self, line: int, cells: tuple[str, ...]) -> str | None:
        written = self._cell(cells, "unit")
        code = self.units.get(written.casefold() or NO_NAME if "unit" in self.at else TOP)
        if code is not None and self.allowed is not None and code not in self.allowed:
            self._wrong(line, "unit", "forbidden_unit", _("This unit is outside of what you look after."))
            return None
        if code is not None:
            return code
        self._wrong(line, "unit", "unknown_unit", _("There is no unit “%(name)s”.") % {"name": written[:80]})
        return None

    def _day(self, line: int, cells: tuple[str, ...]) -> date | None:
        written = self._cell(cells, "day")
        day = _day(written)
        if day is None:
            text = _("“%(text)s” is no day: write 31.12.2026, 2026-12-31 or 2026-12.")
            self._wrong(line, "day", "malformed_day", text % {"text": written[:40]})
        elif day.year != self.sent.year:
            text = _("The day %(day)s is not of %(year)s: this seems to be a file of another year.")
            self._wrong(line, "day", "other_year", text % {"day": written, "year": self.sent.year})
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
            self._wrong(line, "amount", refusal.code, str(refusal.message))
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


def _units(day: date) -> dict[str, str]:
    """Return the code of each unit by its code and names; the city's top unit where there is no column."""
    found: dict[str, str] = {}
    for one in city.units(on=day):
        if one.parent is None:
            found.setdefault(TOP, one.code)
        for name in (one.code, one.name.ru, one.name.ky, one.short.ru, one.short.ky):
            if name:
                found.setdefault(name.casefold(), one.code)
    return found


def _counts(sent: Sent, judged: Judged) -> dict[str, int]:
    keys = {row.key for row in judged.rows}
    held = Line.objects.filter(year=sent.year, side=sent.side).select_related("unit")
    known = {(one.unit.code, one.key) for one in held}
    return {
        "lines": len(keys),
        "new_lines": len(keys - known),
        "returns": Counter(row.amount < 0 for row in judged.rows)[True],
    }


def _told(problem: Refusal) -> dict[str, object]:
    place = problem.place
    return {
        "code": problem.code,
        "text": str(problem.message),
        "line": place.line if place else None,
        "cell": place.cell if place else None,
    }


def _locked(number: int) -> TreasuryFile:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, number])
    row = TreasuryFile.objects.filter(pk=number).first()
    if row is None:
        raise Refusal("unknown_file", _("There is no such file."))
    return row


def _move(row: TreasuryFile, state: ImportState, *, actor: Actor, at: datetime) -> None:
    row.state, row.changed_at, row.changed_by = state, at, actor.key
    row.save(update_fields=["state", "reason", "changed_at", "changed_by"])


def _write_rows(file: TreasuryFile, rows: list[Row], *, actor: Actor, at: datetime) -> None:
    lines = _lines(file, rows)
    amounts = [
        Amount(
            line=lines[row.key], kind=file.kind, day=row.day, amount=row.amount, reason=row.reason, file=file,
            row=row.line, recorded_at=at, recorded_by=actor.key,
        )
        for row in rows
    ]  # fmt: skip
    _record(file, amounts, actor=actor)


def _lines(file: TreasuryFile, rows: list[Row]) -> dict[tuple[str, str], Line]:
    codes = codes_on(date(file.year, 12, 31))
    units = city.unit_ids({row.unit for row in rows})
    wanted = {row.key: row for row in rows}
    made = [
        Line(
            year=file.year, side=file.side, unit_id=units[row.unit], codes=dict(row.codes), key=key[1],
            is_transfer=_is_transfer(row.codes, codes), is_example=file.is_example,
        )
        for key, row in wanted.items()
    ]  # fmt: skip
    Line.objects.bulk_create(made, ignore_conflicts=True)
    held = Line.objects.filter(year=file.year, side=file.side, unit__in=units.values()).select_related("unit")
    return {(one.unit.code, one.key): one for one in held if (one.unit.code, one.key) in wanted}


def _is_transfer(codes: Mapping[str, str], known: Mapping[tuple[str, str], Code]) -> bool:
    return any(known[name, code].is_transfer for name, code in codes.items() if (name, code) in known)


def _record(file: TreasuryFile, amounts: list[Amount], *, actor: Actor) -> None:
    """Write amounts, and money that came or went as facts of the ledger."""
    if file.kind == Kind.EXECUTED and amounts:
        batch = ledger.record_many(_facts(file, amounts, actor))
        for position, one in enumerate(amounts, start=1):
            one.fact = (batch.id << FACT_BITS) + position
    Amount.objects.bulk_create(amounts, batch_size=2000)


def _facts(file: TreasuryFile, amounts: list[Amount], actor: Actor) -> Iterator[ledger.Fact]:
    top = next(one.code for one in city.territories(on=date(file.year, 12, 31)) if one.parent is None)
    label = " (демо)" if file.is_example else ""
    for one in amounts:
        yield ledger.Fact(
            EXECUTED.name,
            clock.noon(one.day),
            unit=one.line.unit.code,
            territory=top,
            quantity=one.amount,
            measure="som",
            subject=ledger.Subject(
                "budget",
                "file",
                str(file.pk),
                title=f"{file.name}{label}",
                url=f"/staff/budget/files/{file.pk}/",
            ),
            actor=actor.key,
            dimensions={"side": file.side, **one.line.codes},
            evidence=(
                ledger.Evidence("file", str(file.stored), f"строка {one.row}", file.name, file.sha256),
            ),
        )
