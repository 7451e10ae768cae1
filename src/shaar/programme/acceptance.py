"""What acceptance records: a report's figures and statuses as facts, with what proves each of them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from shaar.access.api import Actor
from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.periods import Period
from shaar.ledger import api as ledger
from shaar.programme import models, queries
from shaar.programme.facts import FIGURE_REPORTED, MEASURE_STATUS_STATED

Recorded: TypeAlias = models.FigureEntry | models.ProgressEntry
FACT_BITS = 24


def record(row: models.UnitReport, *, actor: Actor, at: datetime) -> None:
    """Record the figures and statuses of an accepted report, each with what proves it."""
    figures = list(row.figures.select_related("territory").order_by("pk"))
    entries = list(row.entries.select_related("measure").order_by("pk"))
    approval = {"approved_by": row.approved_by, "accepted_by": actor.key, "accepted_at": at.isoformat()}
    if row.approved_at:
        approval["approved_at"] = row.approved_at.isoformat()
    proofs = _proofs(row, entries)
    facts = [_figure_fact(row, one, actor, approval, proofs.get(one.indicator, ())) for one in figures]
    facts += [_status_fact(row, one, actor, approval) for one in entries]
    if not facts:
        return
    batch = ledger.record_many(facts, key=f"programme.report:{row.pk}:{at.isoformat()}")
    stated: list[Recorded] = [*figures, *entries]
    for position, one in enumerate(stated, start=1):
        one.fact = (batch.id << FACT_BITS) + position
        one.save(update_fields=["fact"])


def _figure_fact(
    row: models.UnitReport,
    one: models.FigureEntry,
    actor: Actor,
    approval: dict[str, str],
    proofs: Iterable[ledger.Evidence],
) -> ledger.Fact:
    passport = indicators.passport(one.indicator)
    where = passport.fact_source.dimensions if passport.fact_source else {}
    period = Period.parse(row.round.period)
    quantity = queries.quantity_of(one)
    return ledger.Fact(
        type=FIGURE_REPORTED.name,
        happened_at=clock.noon(period.end),
        unit=passport.where.get("unit", row.unit.code),
        territory=one.territory.code,
        quantity=quantity.value,
        measure=passport.measure,
        subject=ledger.Subject(
            "programme", "unit_report", str(row.pk), title=row.round.period, url=f"/staff/reports/{row.pk}/"
        ),
        actor=actor.key,
        dimensions={"figure": one.indicator} | where,
        covers=period.kind,
        qualifier=quantity.qualifier,
        upper=quantity.upper,
        as_written=quantity.as_written,
        evidence=(*_cell_evidence(one), *proofs, _case_evidence(row)),
        approval=approval,
    )


def _status_fact(
    row: models.UnitReport, one: models.ProgressEntry, actor: Actor, approval: dict[str, str]
) -> ledger.Fact:
    period = Period.parse(one.period)
    code = row.round.programme.code
    return ledger.Fact(
        type=MEASURE_STATUS_STATED.name,
        happened_at=clock.noon(period.end),
        unit=row.unit.code,
        territory=row.round.programme.territory.code,
        quantity=Decimal(1),
        measure="plan_measure",
        subject=ledger.Subject(
            "programme",
            "measure",
            f"{code}/{one.measure.code}",
            url=f"/programmes/{code}/measures/{one.measure.code}/",
        ),
        actor=actor.key,
        dimensions={"programme": code, "status": one.status},
        covers=period.kind,
        evidence=(*_file_evidence(one), _case_evidence(row)),
        approval=approval,
    )


def _proofs(
    row: models.UnitReport, entries: Iterable[models.ProgressEntry]
) -> dict[str, list[ledger.Evidence]]:
    """Return the files given with measures, by the indicators of these measures."""
    running = queries.own_measures(
        row.round.programme.code, year=row.round.last_day.year, on=row.round.last_day
    )
    named = {one.code: one.indicators for one in running}
    found: dict[str, list[ledger.Evidence]] = {}
    for entry in entries:
        papers = list(_file_evidence(entry))
        for indicator in named.get(entry.measure.code, ()):
            found.setdefault(indicator, []).extend(papers)
    return found


def _case_evidence(row: models.UnitReport) -> ledger.Evidence:
    return ledger.Evidence("case", str(row.case_id), title=Period.parse(row.round.period).name("ru"))


def _cell_evidence(one: models.FigureEntry) -> Iterable[ledger.Evidence]:
    """Yield the cell that a figure was read from, by the number of its stored file."""
    if one.sheet:
        ref = str(one.file_id) if one.file_id else one.file_name
        yield ledger.Evidence("cell", ref, f"{one.sheet}!{one.cell}", one.file_name, one.file_sha256)


def _file_evidence(one: models.ProgressEntry) -> Iterable[ledger.Evidence]:
    """Yield the files that prove what a report says of a measure."""
    for held in one.files.select_related("file__file").order_by("pk"):
        yield ledger.Evidence("file", str(held.file_id), "", held.file.name, held.file.file.sha256)


def take_back(row: models.UnitReport, *, reason: str, actor: Actor, at: datetime) -> None:
    """Reverse the facts of a report that is opened again."""
    stated: list[Recorded] = [*row.figures.all(), *row.entries.all()]
    for one in stated:
        if one.fact is not None:
            ledger.reverse(one.fact, reason=reason, actor=actor.key, at=at)
    row.figures.update(fact=None)
    row.entries.update(fact=None)
