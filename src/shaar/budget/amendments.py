"""Changes of a plan by an act: by form or file, checked to the tyiyn, taken back by their opposite."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shaar.access.api import Actor, acting, check, scope
from shaar.budget import recording
from shaar.budget.codes import Code, codes_of
from shaar.budget.judging import Row, below_zero, code_problem, no_step, written
from shaar.budget.linekeeping import Held
from shaar.budget.models import Amendment, Amount, Side, Total, TreasuryFile
from shaar.budget.permissions import AMEND
from shaar.budget.recording import Movement, Origin
from shaar.kernel.errors import Place, Refusal, refuse_all

LOCK = 0x414D4E44


@dataclass(frozen=True, slots=True)
class Change:
    """An amendment as a person enters it: the act, its lines, and the totals that the act states."""

    year: int
    side: str
    kind: str
    act: str
    day: date
    rows: Sequence[Row]
    control_total: Decimal
    plan_after: Decimal | None = None


def enact(change: Change, *, actor: Actor, at: datetime) -> int:
    """Record a change of a plan as a whole and return its number.

    Refusals with `place.line` and `place.field`: `other_year`, `no_rows`, `forbidden_unit`, `no_code`,
    `unknown_code`, `closed_code`, `zero_amount`, `duplicate_line`, `below_zero`, `wrong_control_total`,
    `wrong_plan_after`.
    """
    check(actor, AMEND)
    with transaction.atomic(), acting(actor):
        before = plan_held(change.year, change.side, change.kind)
        refuse_all(_problems(change, before, allowed=scope(actor, AMEND).units))
        total = sum((row.amount for row in change.rows), Decimal(0))
        row = Amendment.objects.create(
            year=change.year, side=change.side, kind=change.kind, day=change.day, act=change.act.strip(),
            change=total, before=before, recorded_at=at, recorded_by=actor.key,
        )  # fmt: skip
        movements = recording.movements_of(change.rows, year=change.year, side=change.side, kind=change.kind)
        recording.write(movements, origin=Origin(actor.key, at, amendment=row), step=no_step)
    return int(row.pk)


def of_file(file: TreasuryFile, rows: Sequence[Row], *, at: datetime) -> Amendment:
    """Return the amendment that a file's rows make, within the transaction that writes them."""
    return Amendment.objects.create(
        year=file.year, side=file.side, kind=file.kind, day=min(one.day for one in rows), act=file.act,
        change=sum((one.amount for one in rows), Decimal(0)), file=file, is_example=file.is_example,
        before=plan_held(file.year, file.side, file.kind), recorded_at=at, recorded_by=file.changed_by,
    )  # fmt: skip


def take_back(number: int, *, reason: str, actor: Actor, at: datetime) -> int:
    """Take an amendment that was typed back by its opposite; return the number of that.

    Refusal `unknown_amendment`, `reason_required`, `taken_back`, `of_file`, `below_zero`.
    """
    check(actor, AMEND)
    if not reason.strip():
        raise Refusal(
            "reason_required", _("Say why the amendment is taken back."), place=Place(field="reason")
        )
    with transaction.atomic(), acting(actor):
        row = Amendment.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise Refusal("unknown_amendment", _("There is no such amendment."))
        if row.takes_back_id or Amendment.objects.filter(takes_back=row).exists():
            raise Refusal("taken_back", _("This amendment is taken back already."))
        if row.file_id:
            raise Refusal("of_file", _("This amendment came by a file: undo the file."))
        opposite = opposite_of(row, reason=reason.strip(), by=actor.key, at=at)
        held = row.amounts.select_related("line__unit").order_by("pk")
        recording.write(
            opposite_amounts(held, reason=reason.strip()),
            origin=Origin(actor.key, at, amendment=opposite),
            step=no_step,
        )
    return int(opposite.pk)


def opposite_of(row: Amendment, *, reason: str, by: str, at: datetime) -> Amendment:
    """Return a new amendment that takes one back; Refusal `below_zero` where a line would fall too low."""
    before = plan_held(row.year, row.side, row.kind)
    held = row.amounts.select_related("line__unit").filter(takes_back=None)
    rows = [
        Row(number, one.line.unit.code, one.line.codes, one.day, -one.amount, "")
        for number, one in enumerate(held.iterator(), start=1)
    ]
    for _line, message in below_zero(rows, year=row.year, side=row.side, kind=row.kind):
        raise Refusal("below_zero", message, place=Place(field="reason"))
    return Amendment.objects.create(
        year=row.year, side=row.side, kind=row.kind, day=row.day, act=row.act, change=-row.change,
        before=before, file=row.file, takes_back=row, reason=reason, is_example=row.is_example,
        recorded_at=at, recorded_by=by,
    )  # fmt: skip


def opposite_amounts(held: "QuerySet[Amount]", *, reason: str) -> list[Movement]:
    """Return the opposites of amounts, each naming the one that it takes back."""
    return [
        Movement(
            Held(one.line_id, one.line.unit.code, one.line.codes), one.kind, one.day, -one.amount, reason,
            one.row, one.pk,
        )
        for one in held.iterator()
    ]  # fmt: skip


def plan_held(year: int, side: str, kind: str) -> Decimal:
    """Return the plan of a side by lines; other amendments of it wait until the transaction ends."""
    with connection.cursor() as cursor:
        number = year * len(Side) + list(Side).index(Side(side))
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, number])
    held = Total.objects.filter(year=year, side=side, kind=kind, classification="", is_stated=False)
    return held.aggregate(whole=Sum("amount"))["whole"] or Decimal(0)


def lines_of(row: Amendment) -> "QuerySet[Amount]":
    """Return the changed lines, each with its plan `before` and `after` the change."""
    earlier = Amount.objects.filter(line=OuterRef("line"), kind=row.kind, pk__lt=OuterRef("pk"))
    sums = earlier.order_by().values("line").annotate(whole=Sum("amount")).values("whole")
    held = row.amounts.select_related("line__unit").order_by("pk")
    return held.annotate(before=Coalesce(Subquery(sums), Decimal(0))).annotate(
        after=F("before") + F("amount")
    )


# What is wrong ----------------------------------------------------------------------------------------------
def _problems(change: Change, before: Decimal, *, allowed: frozenset[str] | None) -> list[Refusal]:
    """Return everything that is wrong with a change, each with its row and control."""
    problems: list[Refusal] = []
    if change.day.year != change.year:
        text = _("The day is not of %(year)s, the year of the budget.") % {"year": change.year}
        problems.append(Refusal("other_year", text, place=Place(field="day")))
    if not change.rows:
        problems.append(Refusal("no_rows", _("State at least one line that changes."), place=Place(line=1)))
    known = codes_of(change.year)
    seen: dict[object, int] = {}
    for row in change.rows:
        problems += _row_problems(row, change.year, known, allowed)
        first = seen.setdefault((*row.key, row.day), row.line)
        if first != row.line:
            text = _("This line stands in row %(row)s already.") % {"row": first}
            problems.append(_at(row, "unit", "duplicate_line", text))
    if not problems:
        problems += [
            Refusal("below_zero", message, place=Place(line=line, field="amount"))
            for line, message in below_zero(
                list(change.rows), year=change.year, side=change.side, kind=change.kind
            )
        ]
    return problems or _total_problems(change, before)


def _row_problems(
    row: Row, year: int, known: Mapping[tuple[str, str], tuple[Code, ...]], allowed: frozenset[str] | None
) -> list[Refusal]:
    problems = []
    if allowed is not None and row.unit not in allowed:
        text = _("This unit is outside of what you look after.")
        problems.append(_at(row, "unit", "forbidden_unit", text))
    if not row.codes:
        text = _("The row has no code of the classification.")
        problems.append(_at(row, "unit", "no_code", text))
    for name, code in row.codes.items():
        if wrong := code_problem(known.get((name, code), ()), code, day=row.day, year=year):
            problems.append(_at(row, name, wrong.code, str(wrong.message)))
    if row.amount == 0:
        problems.append(_at(row, "amount", "zero_amount", _("The change is zero: leave the row out.")))
    return problems


def _total_problems(change: Change, before: Decimal) -> list[Refusal]:
    found = sum((row.amount for row in change.rows), Decimal(0))
    words = {
        "given": written(change.control_total),
        "found": written(found),
        "difference": written(found - change.control_total),
    }
    if found != change.control_total:
        text = _(
            "The act changes the plan by %(given)s, the rows by %(found)s: a difference of %(difference)s."
        )
        return [Refusal("wrong_control_total", text % words, place=Place(field="control_total"))]
    if change.plan_after is not None and before + found != change.plan_after:
        words = {
            "given": written(change.plan_after),
            "found": written(before + found),
            "before": written(before),
        }
        text = _("The act says that the plan becomes %(given)s; it is %(before)s and would become %(found)s.")
        return [Refusal("wrong_plan_after", text % words, place=Place(field="plan_after"))]
    return []


def _at(row: Row, name: str, code: str, text: str) -> Refusal:
    return Refusal(code, text, place=Place(line=row.line, field=name))
