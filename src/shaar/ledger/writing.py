"""Streams facts into the table by COPY, as fast as the server takes them.

Everything that repeats (series, unit, territory, moment, evidence) is turned into text once and kept. Facts
are looked through some thousands ahead: only what was not met before interrupts the COPY for a question.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from shaar.city import api as city
from shaar.kernel.clock import city_date
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Qualifier
from shaar.ledger.checking import check_number, check_type, refuse
from shaar.ledger.views import Evidence, Fact, Subject

POSITION_BITS = 24
MOST_FACTS = (1 << POSITION_BITS) - 1
LOOK_AHEAD = 2048
COVERS = {kind: number for number, kind in enumerate(PeriodKind)}
QUALIFIERS = {qualifier: number for number, qualifier in enumerate(Qualifier)}
COLUMNS = (
    "id, happened_at, day, covers, series_id, unit_id, territory_id, qualifier, period_stated, quantity,"
    " upper, actor, as_written, subject_module, subject_kind, subject_id, subject_title, subject_url,"
    " evidence, approval"
)
TABS = COLUMNS.count(",")
COPY = f"COPY ledger_fact ({COLUMNS}) FROM STDIN (NULL '')"
UNSAFE = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Moment = tuple[datetime, PeriodKind]


class Writer:
    """Writes the facts of one batch; `count`, `first_at`, `last_at` and `types` tell what was written."""

    def __init__(self, cursor: Any, batch: int) -> None:
        self.cursor = cursor
        self.count = 0
        self.types: set[str] = set()
        self._first_id = batch << POSITION_BITS
        self._series: dict[tuple[object, ...], str] = {}
        self._units: dict[str, str] = {}
        self._territories: dict[str, str] = {}
        self._moments: dict[Moment, str] = {}
        self._times: set[datetime] = set()
        self._months: set[date] = set()
        self._copying: AbstractContextManager[Any] | None = None
        self._write: Callable[[bytes], None] | None = None

    @property
    def first_at(self) -> datetime:
        """The earliest moment of the facts."""
        return min(self._times)

    @property
    def last_at(self) -> datetime:
        """The latest moment of the facts."""
        return max(self._times)

    def write(self, facts: Iterable[Fact]) -> None:
        """Write all facts; Refusal for the first one that cannot be recorded."""
        try:
            for chunk in _chunks(facts, LOOK_AHEAD):
                if self.count + len(chunk) > MOST_FACTS:
                    raise refuse("batch_too_large", self.count + len(chunk), field="id", found=MOST_FACTS)
                rows = self._known_rows(chunk)
                self._open()(rows)
                self.count += len(chunk)
        except BaseException as error:
            self._close(error)
            raise
        self._close(None)

    def _known_rows(self, chunk: Sequence[Fact]) -> bytes:
        """Return the rows of a chunk, after learning what in it was not met before, which is rare."""
        try:
            return self._rows(chunk)
        except KeyError:
            self._learn(chunk)
            return self._rows(chunk)

    def _rows(self, chunk: Sequence[Fact]) -> bytes:
        start = self._first_id + self.count
        rows = [self._row(start + number, fact) for number, fact in enumerate(chunk, 1)]
        text = "\n".join(rows)
        if text.count("\t") != TABS * len(rows) or text.count("\n") != len(rows) - 1 or _is_unsafe(text):
            text = "\n".join(
                self._row(start + number, _escaped(fact)) for number, fact in enumerate(chunk, 1)
            )
        try:
            return f"{text}\n".encode()
        except UnicodeEncodeError as error:
            raise refuse("malformed_fact", self.count + 1, field="as_written", found=error.reason) from error

    def _row(self, number: int, fact: Fact) -> str:
        subject = fact.subject
        moment = self._moments[fact.happened_at, fact.covers]
        series = self._series[(fact.type, fact.measure, *fact.dimensions.items())]
        quantity, upper = fact.quantity, fact.upper
        if quantity is not None and not (type(quantity) is Decimal and quantity.is_finite()):
            check_number(quantity, number - self._first_id, field="quantity")
        if upper is not None:
            check_number(upper, number - self._first_id, field="upper")
        return (
            f"{number}\t{moment}"
            f"\t{series}\t{self._units[fact.unit]}\t{self._territories[fact.territory]}"
            f"\t{QUALIFIERS[fact.qualifier]}\t{'t' if fact.period_stated else 'f'}"
            f"\t{'' if quantity is None else quantity}\t{'' if upper is None else upper}"
            f"\t{fact.actor}\t{fact.as_written}\t{subject.module}\t{subject.kind}\t{subject.id}"
            f"\t{subject.title}\t{subject.url}"
            f"\t{_evidence(fact.evidence) if fact.evidence else ''}"
            f"\t{_approval(fact.approval) if fact.approval else ''}"
        )

    # What is new in a chunk --------------------------------------------------------------------------------
    def _learn(self, chunk: Sequence[Fact]) -> None:
        moments, series, units, territories = self._moments, self._series, self._units, self._territories
        for number, fact in enumerate(chunk, self.count + 1):
            if (fact.happened_at, fact.covers) not in moments:
                self._learn_moment(fact, number)
            if series_key(fact) not in series:
                self._learn_series(fact, number)
            if fact.unit not in units:
                self._learn_unit(fact, number)
            if fact.territory not in territories:
                self._learn_territory(fact, number)

    def _learn_moment(self, fact: Fact, position: int) -> None:
        moment = fact.happened_at
        if moment.tzinfo is None or moment.utcoffset() is None:
            raise refuse("naive_time", position, field="happened_at", found=moment)
        local = city_date(moment)
        day = local if fact.covers is PeriodKind.DAY else Period.of(local, fact.covers).end
        self._moments[moment, fact.covers] = f"{moment.isoformat()}\t{day}\t{COVERS[fact.covers]}"
        self._times.add(moment)
        month = _month(moment)
        if month not in self._months:
            self._asking().execute("SELECT ledger_open_month(%s)", [month])
            self._months.add(month)

    def _learn_series(self, fact: Fact, position: int) -> None:
        check_type(fact, position)
        self.types.add(fact.type)
        values = [fact.type, fact.measure, json.dumps(dict(fact.dimensions))]
        self._series[series_key(fact)] = str(series_id(self._asking(), values))

    def _learn_unit(self, fact: Fact, position: int) -> None:
        if not fact.unit:
            raise refuse("missing_unit", position, field="unit")
        cursor = self._asking()
        try:
            number = city.unit_ids([fact.unit])[fact.unit]
        except Refusal as refusal:
            raise refuse("unknown_unit", position, field="unit", found=fact.unit) from refusal
        cursor.execute("INSERT INTO ledger_unit VALUES (%s) ON CONFLICT DO NOTHING", [number])
        self._units[fact.unit] = str(number)

    def _learn_territory(self, fact: Fact, position: int) -> None:
        if not fact.territory:
            raise refuse("missing_territory", position, field="territory")
        cursor = self._asking()
        try:
            number = city.territory_ids([fact.territory])[fact.territory]
        except Refusal as refusal:
            raise refuse("unknown_territory", position, field="territory", found=fact.territory) from refusal
        cursor.execute("INSERT INTO ledger_territory VALUES (%s) ON CONFLICT DO NOTHING", [number])
        self._territories[fact.territory] = str(number)

    # The stream --------------------------------------------------------------------------------------------
    def _asking(self) -> Any:
        """Return the cursor for a question, after ending the COPY that may be under way."""
        self._close(None)
        return self.cursor

    def _open(self) -> Callable[[bytes], None]:
        if self._write is None:
            copying = self.cursor.copy(COPY)
            self._write = copying.__enter__().write
            self._copying = copying
        return self._write

    def _close(self, error: BaseException | None) -> None:
        copying, self._copying, self._write = self._copying, None, None
        if copying is not None:
            kind = None if error is None else type(error)
            copying.__exit__(kind, error, None if error is None else error.__traceback__)


def series_key(fact: Fact) -> tuple[object, ...]:
    """Return what tells the series of a fact from others, within one process."""
    return (fact.type, fact.measure, *fact.dimensions.items())


def series_id(cursor: Any, values: Sequence[object]) -> int:
    """Return the id of a series by type, measure and dimensions, adding it to the dictionary if it is new."""
    find = "SELECT id FROM ledger_series WHERE type = %s AND measure = %s AND dimensions = %s::jsonb"
    new = "(type, measure, dimensions) VALUES (%s, %s, %s::jsonb) ON CONFLICT DO NOTHING"
    add = f"INSERT INTO ledger_series {new}"
    cursor.execute(find, values)
    while (row := cursor.fetchone()) is None:
        cursor.execute(add, values)
        cursor.execute(find, values)
    return int(row[0])


def evidence_json(evidence: tuple[Evidence, ...]) -> str:
    """Return evidence as the table keeps it."""
    return json.dumps([asdict(one) for one in evidence], ensure_ascii=False)


@lru_cache(maxsize=4096)
def _evidence(evidence: tuple[Evidence, ...]) -> str:
    return evidence_json(evidence).translate(UNSAFE)


def _approval(approval: Mapping[str, str]) -> str:
    return json.dumps(dict(approval), ensure_ascii=False).translate(UNSAFE)


def _month(moment: datetime) -> date:
    return moment.astimezone(UTC).date().replace(day=1)


def _is_unsafe(text: str) -> bool:
    return "\\" in text or "\r" in text or "\0" in text


def _escaped(fact: Fact) -> Fact:
    """Return a fact whose texts COPY reads as they were written; the NUL that PostgreSQL lacks is dropped."""
    subject = fact.subject
    texts = (subject.module, subject.kind, subject.id, subject.title, subject.url)
    return replace(
        fact,
        actor=_safe(fact.actor),
        as_written=_safe(fact.as_written),
        subject=Subject(*map(_safe, texts)),
    )


def _safe(text: str) -> str:
    return text.replace("\0", "").translate(UNSAFE)


def _chunks(facts: Iterable[Fact], size: int) -> Iterator[list[Fact]]:
    stream = iter(facts)
    while chunk := list(islice(stream, size)):
        yield chunk
