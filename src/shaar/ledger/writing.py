# ruff: noqa: S608 the SQL is put together from the constants below
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

from shaar.kernel.clock import city_date
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Qualifier
from shaar.ledger.checking import Moment, New, check_texts, checked_number, refuse
from shaar.ledger.views import Evidence, Fact, Subject

POSITION_BITS = 24
MOST_FACTS = (1 << POSITION_BITS) - 1
LOOK_AHEAD = 8192
BLOCK = 1024
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
GIVEN = "unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY g(type, measure, dimensions, number)"
FIND_SERIES = f"""
SELECT s.id FROM {GIVEN} LEFT JOIN ledger_series s
    ON s.type = g.type AND s.measure = g.measure AND s.dimensions = g.dimensions::jsonb
ORDER BY g.number
"""
ADD_SERIES = f"""
INSERT INTO ledger_series (type, measure, dimensions)
SELECT DISTINCT g.type, g.measure, g.dimensions::jsonb FROM {GIVEN}
WHERE NOT EXISTS (SELECT FROM ledger_series s
    WHERE s.type = g.type AND s.measure = g.measure AND s.dimensions = g.dimensions::jsonb)
ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
"""


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
        """Write all facts; Refusal for one that cannot be recorded."""
        try:
            for chunk in _chunks(facts, LOOK_AHEAD):
                if self.count + len(chunk) > MOST_FACTS:
                    raise refuse("batch_too_large", self.count + len(chunk), field="id", found=MOST_FACTS)
                self._write_chunk(chunk)
        except BaseException as error:
            self._close(error)
            raise
        self._close(None)

    def _write_chunk(self, chunk: Sequence[Fact]) -> None:
        """Write facts in blocks that fit the socket, so that rows are made while the server reads others."""
        is_known = False
        for start in range(0, len(chunk), BLOCK):
            block = chunk[start : start + BLOCK]
            try:
                rows = self._rows(block)
            except KeyError:
                if is_known:
                    raise
                self._learn(chunk[start:])
                is_known = True
                rows = self._rows(block)
            self._open()(rows)
            self.count += len(block)

    def _rows(self, block: Sequence[Fact]) -> bytes:
        rows = self._lines(block)
        text = "\n".join(rows)
        try:
            if (
                text.count("\t") == TABS * len(rows)
                and text.count("\n") == len(rows) - 1
                and not _is_unsafe(text)
            ):
                return f"{text}\n".encode()
            escaped = "\n".join(self._lines([_escaped(*pair) for pair in enumerate(block, self.count + 1)]))
            return f"{escaped}\n".encode()
        except UnicodeEncodeError:
            for position, fact in enumerate(block, self.count + 1):
                check_texts(fact, position)
            raise

    def _lines(self, block: Sequence[Fact]) -> list[str]:
        """Return the rows of some facts; KeyError for what was not met before."""
        moments, known, units, places = self._moments, self._series, self._units, self._territories
        lines = []
        for number, fact in enumerate(block, self._first_id + self.count + 1):
            subject, quantity, upper, actor = fact.subject, fact.quantity, fact.upper, fact.actor
            series = known[(fact.type, fact.measure, *fact.dimensions.items())]
            if quantity is None:
                written = ""
            elif type(quantity) is Decimal and quantity.is_finite():
                written = str(quantity)
            else:
                written = checked_number(quantity, number - self._first_id, field="quantity")
            if not (actor and subject.module and subject.kind and subject.id):
                raise refuse("missing_origin", number - self._first_id, field="subject")
            lines.append(
                f"{number}\t{moments[fact.happened_at, fact.covers]}"
                f"\t{series}\t{units[fact.unit]}\t{places[fact.territory]}"
                f"\t{QUALIFIERS[fact.qualifier]}\t{'t' if fact.period_stated else 'f'}\t{written}"
                f"\t{'' if upper is None else checked_number(upper, number - self._first_id, field='upper')}"
                f"\t{actor}\t{fact.as_written}\t{subject.module}\t{subject.kind}\t{subject.id}"
                f"\t{subject.title}\t{subject.url}"
                f"\t{_evidence(fact.evidence) if fact.evidence else ''}"
                f"\t{_approval(fact.approval) if fact.approval else ''}"
            )
        return lines

    # What is new in a chunk --------------------------------------------------------------------------------
    def _learn(self, facts: Sequence[Fact]) -> None:
        """Learn all that some facts have and that was not met before, by one question for each kind of it."""
        new = New()
        for position, fact in enumerate(facts, self.count + 1):
            if (fact.happened_at, fact.covers) not in self._moments:
                new.moments.setdefault((fact.happened_at, fact.covers), position)
            if (series := series_key(fact)) not in self._series:
                new.series.setdefault(series, (position, fact))
            if fact.unit not in self._units:
                new.units.setdefault(fact.unit, position)
            if fact.territory not in self._territories:
                new.territories.setdefault(fact.territory, position)
        new.check()
        self._learn_moments(new.moments)
        self._learn_series([fact for _position, fact in new.series.values()])
        for register, kind, ids in (
            (self._units, "unit", new.unit_ids),
            (self._territories, "territory", new.territory_ids),
        ):
            if ids:
                self._asking().execute(
                    f"INSERT INTO ledger_{kind} SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING",
                    [sorted(ids.values())],
                )
                register.update((code, str(number)) for code, number in ids.items())

    def _learn_moments(self, moments: Iterable[Moment]) -> None:
        months = set()
        for moment, covers in moments:
            local = city_date(moment)
            day = local if covers is PeriodKind.DAY else Period.of(local, covers).end
            self._moments[moment, covers] = f"{moment.isoformat()}\t{day}\t{COVERS[covers]}"
            self._times.add(moment)
            months.add(_month(moment))
        if new := sorted(months - self._months):
            self._asking().execute("SELECT ledger_open_month(month) FROM unnest(%s::date[]) month", [new])
            self._months.update(new)

    def _learn_series(self, facts: Sequence[Fact]) -> None:
        if not facts:
            return
        self.types.update(fact.type for fact in facts)
        values = [(fact.type, fact.measure, json.dumps(dict(fact.dimensions))) for fact in facts]
        for fact, number in zip(facts, series_ids(self._asking(), values), strict=True):
            self._series[series_key(fact)] = str(number)

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


def series_ids(cursor: Any, values: Sequence[tuple[str, str, str]]) -> list[int]:
    """Return the ids of series by type, measure and dimensions, adding the new ones to the dictionary."""
    columns = [list(column) for column in zip(*values, strict=True)]
    cursor.execute(FIND_SERIES, columns)
    found = [row[0] for row in cursor.fetchall()]
    while None in found:
        # In one order for everybody: two who add the same series wait for each other without a deadlock.
        cursor.execute(ADD_SERIES, columns)
        cursor.execute(FIND_SERIES, columns)
        found = [row[0] for row in cursor.fetchall()]
    return found


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


def _escaped(position: int, fact: Fact) -> Fact:
    """Return a fact whose texts COPY reads as they were written."""
    check_texts(fact, position)
    subject = fact.subject
    texts = (subject.module, subject.kind, subject.id, subject.title, subject.url)
    return replace(
        fact,
        actor=fact.actor.translate(UNSAFE),
        as_written=fact.as_written.translate(UNSAFE),
        subject=Subject(*(text.translate(UNSAFE) for text in texts)),
    )


def _chunks(facts: Iterable[Fact], size: int) -> Iterator[list[Fact]]:
    stream = iter(facts)
    while chunk := list(islice(stream, size)):
        yield chunk
