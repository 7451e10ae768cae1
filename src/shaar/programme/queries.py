"""Reads of programmes: the plan of any day, measures with their statuses, progress, and who owes a report."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shaar.indicators import api as indicators
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.texts import Text
from shaar.programme import models, outcomes, rules
from shaar.programme.wording import text_in_all

__all__ = [
    "act",
    "acts",
    "indicator_codes",
    "measure",
    "measures",
    "programme",
    "programmes",
    "progress",
    "revisions",
]

Reached: TypeAlias = tuple[Decimal | None, rules.Good]


def programmes() -> list[outcomes.ProgrammeView]:
    """Return every programme with its plan of today's last revision, the one with most measures first."""
    size = Count("measures")
    rows = models.Programme.objects.annotate(size=size).order_by("-size", "first_year", "code")
    return programme_views(rows.select_related("unit", "territory"), date.max)


def programme(code: str, *, on: date) -> outcomes.ProgrammeView:
    """Return a programme with its plan as it stood on a day; raise Refusal `unknown_programme`."""
    return programme_views([required_programme(code)], on)[0]


def required_programme(code: str) -> models.Programme:
    """Return the row of a programme; raise Refusal `unknown_programme`."""
    row = models.Programme.objects.filter(code=code).select_related("unit", "territory").first()
    if row is None:
        raise Refusal("unknown_programme", str(_("There is no programme “%(code)s”.")) % {"code": code})
    return row


def act(code: str) -> outcomes.ActView:
    """Return a legal act; raise Refusal `unknown_act`."""
    row = models.LegalAct.objects.filter(code=code).first()
    if row is None:
        raise Refusal("unknown_act", str(_("There is no legal act “%(code)s”.")) % {"code": code})
    return act_view(row)


def acts() -> list[outcomes.ActView]:
    """Return every legal act by date."""
    return [act_view(row) for row in models.LegalAct.objects.order_by("date", "code")]


def revisions(code: str) -> list[outcomes.RevisionView]:
    """Return the revisions of a programme's plan, drafts included, in order."""
    rows = required_programme(code).revisions.select_related("act").order_by("number")
    return [revision_view(row) for row in rows]


def measures(
    code: str,
    *,
    year: int,
    on: date | None = None,
    status: str | None = None,
    direction: int | None = None,
    unit: str | None = None,
) -> list[outcomes.MeasureView]:
    """Return the measures of a programme's plan that run in a year, as it stood on a day (31 December).

    Those of other programmes that serve this one come with them, under their branches here.
    """
    day = on or date(year, 12, 31)
    row = required_programme(code)
    found = own_measures(code, year=year, on=day)
    if shares := _shares(row):
        found = _by_branch([*found, *_serving(shares, year=year, on=day)], row)
    return [
        one
        for one in found
        if (status is None or one.status == status)
        and (direction is None or one.direction == direction)
        and (unit is None or unit in one.responsible or unit in one.co)
    ]


def own_measures(code: str, *, year: int, on: date) -> list[outcomes.MeasureView]:
    """Return the measures of a year that a programme states itself: those that its reports are about."""
    return _views_of(versions_on(required_programme(code), on), year=year, on=on)


def serves(code: str, measure_code: str) -> list[tuple[str, Text]]:
    """Return the codes and names of the other programmes that a measure serves."""
    rows = models.SharedMeasure.objects.filter(measure__programme__code=code, measure__code=measure_code)
    served = (one.programme for one in rows.select_related("programme").order_by("programme__code"))
    return [(one.code, one.name) for one in served]


def measure(code: str, measure_code: str, *, year: int, on: date | None = None) -> outcomes.MeasureView:
    """Return one measure that a programme states for a year; raise Refusal `unknown_measure`."""
    for one in own_measures(code, year=year, on=on or date(year, 12, 31)):
        if one.code == measure_code:
            return one
    raise Refusal("unknown_measure", str(_("There is no measure “%(code)s”.")) % {"code": measure_code})


def progress(code: str, *, year: int) -> outcomes.ProgressSummary:
    """Return how many measures are itemised in each status, beside the totals that the source states."""
    row = required_programme(code)
    counts = Counter(one.status or "unknown" for one in measures(code, year=year))
    named = next((one for one in stated_totals(row) if one.year == year), None)
    numbers: dict[str, Decimal | None] = {}
    if named:
        values = indicators.values([named.all, named.executed, named.in_progress], Period.year(year))
        numbers = {key: one.quantity.value if one.quantity else None for key, one in values.items()}
    return outcomes.ProgressSummary(
        programme=code,
        year=year,
        counts=dict(counts),
        itemised=sum(counts.values()),
        stated_all=numbers.get(named.all) if named else None,
        stated_executed=numbers.get(named.executed) if named else None,
        stated_in_progress=numbers.get(named.in_progress) if named else None,
    )


def indicator_codes(code: str, *, year: int) -> list[str]:
    """Return the indicators of a programme in one of its years, and none outside them.

    They are those that its measures and stated totals name, those of the same sections, those whose figure
    stands in a document of the programme, and what is computed from these alone.
    """
    row = required_programme(code)
    if not row.first_year <= year <= row.last_year:
        return []
    known = indicators.passports()
    named = _named_indicators(row)
    rows = _figure_rows(row)
    sections = {one.section for one in known if one.code in named}
    chosen = {one.code for one in known if one.code in named or one.section in sections or one.row in rows}
    computed = [one for one in known if one.references and one.code not in chosen]
    while added := {one.code for one in computed if chosen.issuperset(one.references)} - chosen:
        chosen |= added
    return [one.code for one in known if one.code in chosen]


def _named_indicators(row: models.Programme) -> set[str]:
    of_row = Q(version__measure__programme=row) | Q(version__measure__shared__programme=row)
    links = models.MeasureIndicator.objects.filter(of_row)
    totals = {code for one in stated_totals(row) for code in (one.all, one.executed, one.in_progress)}
    return set(links.values_list("indicator", flat=True)) | totals | set(row.indicators)


def _figure_rows(row: models.Programme) -> set[str]:
    """Return the rows of figures that the documents of a programme state."""
    versions = models.MeasureVersion.objects.filter(measure__programme=row)
    documents = {row.source_document, *versions.values_list("source_document", flat=True)} - {""}
    loaded = models.LoadedRow.objects.filter(key__startswith="figure:").exclude(digest="")
    pairs = (key.removeprefix("figure:").partition("#") for key in loaded.values_list("key", flat=True))
    return {number for document, _sign, number in pairs if document in documents}


def stated_totals(row: models.Programme) -> tuple[outcomes.StatedTotals, ...]:
    """Return which indicators hold the stated numbers of measures."""
    return tuple(outcomes.StatedTotals(**one) for one in row.stated_totals)


# Plan of a day ----------------------------------------------------------------------------------------------
def versions_on(row: models.Programme, on: date) -> "QuerySet[models.MeasureVersion]":
    """Return the version of each measure of a programme that is in force on a day, cancelled ones too."""
    return _in_force(models.MeasureVersion.objects.filter(measure__programme=row), on)


def _in_force(versions: "QuerySet[models.MeasureVersion]", on: date) -> "QuerySet[models.MeasureVersion]":
    in_force = versions.filter(revision__enacted_at__isnull=False, revision__effective_from__lte=on)
    latest = in_force.order_by("measure_id", "-revision__effective_from", "-revision__number").distinct(
        "measure_id"
    )
    return with_parts(models.MeasureVersion.objects.filter(pk__in=latest.values("pk")))


def with_parts(versions: "QuerySet[models.MeasureVersion]") -> "QuerySet[models.MeasureVersion]":
    """Read versions with all that belongs to them in a fixed number of queries."""
    return (
        versions.select_related("measure__programme", "node__parent", "revision")
        .prefetch_related(
            Prefetch("units", models.MeasureUnit.objects.select_related("unit").order_by("position", "pk")),
            Prefetch("funding", models.Funding.objects.order_by("source", "year")),
            Prefetch(
                "indicators",
                models.MeasureIndicator.objects.order_by("position", "pk").prefetch_related(
                    Prefetch("targets", models.Target.objects.order_by("period"))
                ),
            ),
        )
        .order_by("node__parent__number", "node__number", "position", "measure__code")
    )


def measure_data(version: models.MeasureVersion) -> outcomes.MeasureData:
    """Return a version as the data that services take in."""
    return outcomes.MeasureData(
        code=version.measure.code,
        node=version.node.code,
        text=text_in_all(version, "text"),
        period=version.period,
        number=version.number,
        expected=text_in_all(version, "expected"),
        note=text_in_all(version, "note"),
        responsible=_units(version, models.UnitRole.RESPONSIBLE),
        co_responsible=_units(version, models.UnitRole.CO_RESPONSIBLE),
        indicators=tuple(_indicator(one) for one in version.indicators.all()),
        funding=tuple(
            outcomes.FundingData(one.source, one.year, one.amount, one.currency)
            for one in version.funding.all()
        ),
        source=outcomes.SourceView(version.source_document, version.source_line),
    )


def act_view(row: models.LegalAct) -> outcomes.ActView:
    """Return a legal act as the door shows it."""
    return outcomes.ActView(
        code=row.code,
        kind=row.kind,
        name=row.name,
        title=text_in_all(row, "title"),
        body=text_in_all(row, "body"),
        date=row.date,
        year=row.year,
        number=row.number,
        note=text_in_all(row, "note"),
        source=outcomes.SourceView(row.source_document, row.source_line),
    )


def revision_view(row: models.PlanRevision) -> outcomes.RevisionView:
    """Return a revision as the door shows it."""
    return outcomes.RevisionView(
        id=row.pk,
        number=row.number,
        act=act_view(row.act),
        effective_from=row.effective_from,
        started_by=row.started_by,
        enacted_at=row.enacted_at,
        enacted_by=row.enacted_by,
    )


def programme_views(rows: Iterable[models.Programme], on: date) -> list[outcomes.ProgrammeView]:
    """Return programmes with their plans of a day, in a number of queries that does not grow with them."""
    held = list(rows)
    revisions: dict[int, list[outcomes.RevisionView]] = defaultdict(list)
    found = models.PlanRevision.objects.filter(programme__in=held).select_related("act").order_by("number")
    for one in found:
        revisions[one.programme_id].append(revision_view(one))
    named = models.LegalAct.objects.filter(code__in={code for row in held for code in row.acts})
    acts_of = {one.code: act_view(one) for one in named}
    trees = _trees(held, on)
    return [_programme_view(row, on, revisions[row.pk], acts_of, trees[row.pk]) for row in held]


def _programme_view(
    row: models.Programme,
    on: date,
    held: Sequence[outcomes.RevisionView],
    acts_of: Mapping[str, outcomes.ActView],
    tree: tuple[outcomes.NodeView, ...],
) -> outcomes.ProgrammeView:
    in_force = [one for one in held if one.enacted_at and one.effective_from <= on]
    return outcomes.ProgrammeView(
        code=row.code,
        kind=row.kind,
        name=row.name,
        full_name=text_in_all(row, "full_name"),
        goal=text_in_all(row, "goal"),
        unit=row.unit.code,
        territory=row.territory.code,
        first_year=row.first_year,
        last_year=row.last_year,
        are_years_stated=row.are_years_stated,
        indicators=tuple(row.indicators),
        note=text_in_all(row, "note"),
        directions=tree,
        acts=tuple(acts_of[code] for code in row.acts if code in acts_of),
        revisions=tuple(held),
        revision=max(in_force, key=lambda one: (one.effective_from, one.number), default=None),
        stated_totals=stated_totals(row),
    )


def _trees(rows: Sequence[models.Programme], on: date) -> dict[int, tuple[outcomes.NodeView, ...]]:
    """Return the branches of each programme with the codes of the measures that hang on them on a day."""
    hanging: dict[int, list[str]] = defaultdict(list)
    own = _in_force(models.MeasureVersion.objects.filter(measure__programme__in=rows), on)
    for node, code in own.values_list("node_id", "measure__code"):
        hanging[node].append(code)
    shared = models.SharedMeasure.objects.filter(programme__in=rows, node__isnull=False)
    for node, code in shared.values_list("node_id", "measure__code"):
        hanging[node or 0].append(code)
    children: dict[tuple[int, int | None], list[models.PlanNode]] = defaultdict(list)
    for row in models.PlanNode.objects.filter(programme__in=rows).order_by("number"):
        children[row.programme_id, row.parent_id].append(row)

    def view(node: models.PlanNode) -> outcomes.NodeView:
        return outcomes.NodeView(
            code=node.code,
            kind=node.kind,
            number=node.number,
            name=node.name,
            children=tuple(view(child) for child in children[node.programme_id, node.pk]),
            measures=tuple(hanging[node.pk]),
            source=outcomes.SourceView(node.source_document, node.source_line),
        )

    return {row.pk: tuple(view(node) for node in children[row.pk, None]) for row in rows}


# Measures ---------------------------------------------------------------------------------------------------
def _shares(row: models.Programme) -> list[models.SharedMeasure]:
    """Return which measures of other programmes serve this one."""
    return list(row.shared.select_related("node__parent", "measure__programme"))


def _serving(
    shares: Sequence[models.SharedMeasure], *, year: int, on: date
) -> Iterator[outcomes.MeasureView]:
    """Yield the measures of other programmes under the branches that they serve."""
    nodes = {(one.measure.programme.code, one.measure.code): one.node for one in shares}
    shared = models.MeasureVersion.objects.filter(measure__in=[one.measure_id for one in shares])
    for one in _views_of(_in_force(shared, on), year=year, on=on):
        node = nodes[one.programme, one.code]
        yield replace(one, node=node.code if node else "", direction=_direction(node) if node else 0)


def _by_branch(found: list[outcomes.MeasureView], row: models.Programme) -> list[outcomes.MeasureView]:
    nodes = row.nodes.select_related("parent")
    order = {one.code: (_direction(one), one.number) for one in nodes}
    return sorted(found, key=lambda one: order.get(one.node, (0, 0)))


def _views_of(rows: "QuerySet[models.MeasureVersion]", *, year: int, on: date) -> list[outcomes.MeasureView]:
    """Return the measures that run in a year, of versions that are in force on a day."""
    span = Period.year(year)
    versions = [one for one in rows if _overlaps(one, span)]
    stated = _stated(versions, year)
    values = _reached(versions, year)
    return [_measure_view(one, stated.get(one.measure_id), values, on=on) for one in versions]


def _measure_view(
    version: models.MeasureVersion,
    entry: models.ProgressEntry | None,
    values: Mapping[tuple[str, str], Reached],
    *,
    on: date,
) -> outcomes.MeasureView:
    data = measure_data(version)
    targets = [(link.code, target) for link in data.indicators for target in link.targets]
    derived = _derived(version, targets, values, on=on)
    stated = entry.status if entry else None
    return outcomes.MeasureView(
        code=data.code,
        number=data.number or None,
        text=data.text,
        direction=_direction(version.node),
        node=data.node,
        responsible=data.responsible,
        co=data.co_responsible,
        period=data.period,
        expected=data.expected,
        note=data.note,
        indicators=tuple(one.code for one in data.indicators),
        linked=data.indicators,
        funding=data.funding,
        targets=tuple(targets),
        stated_status=stated,
        stated_in=outcomes.SourceView(entry.source_document, entry.source_line)
        if entry
        else outcomes.SourceView(),
        reason=entry.reason if entry else version.cancel_reason,
        derived_status=derived,
        findings=_findings(stated, derived),
        source=data.source,
        revision=version.revision.number,
        programme=version.measure.programme.code,
        is_cancelled=version.is_cancelled,
    )


def _derived(
    version: models.MeasureVersion,
    targets: Sequence[tuple[str, outcomes.TargetData]],
    values: Mapping[tuple[str, str], Reached],
    *,
    on: date,
) -> str | None:
    judged = [
        rules.Judged(target.value, *values[code, target.period])
        for code, target in targets
        if (code, target.period) in values
    ]
    return rules.derived_status(
        judged,
        first_day=version.first_day,
        last_day=version.last_day,
        on=on,
        is_cancelled=version.is_cancelled,
    )


def _findings(stated: str | None, derived: str | None) -> tuple[outcomes.FindingView, ...]:
    if not rules.disagrees(stated, derived):
        return ()
    words = {"stated": models.Status(stated or "").label, "derived": models.Status(derived or "").label}
    message = Text(
        *(
            text % words
            for text in (
                "Заявлено: %(stated)s; по показателям: %(derived)s.",
                "Билдирилген: %(stated)s; көрсөткүчтөр боюнча: %(derived)s.",
                "Stated: %(stated)s; by the figures: %(derived)s.",
            )
        )
    )
    return (outcomes.FindingView("status", message, {"stated": stated or "", "derived": derived or ""}),)


def _stated(versions: Iterable[models.MeasureVersion], year: int) -> dict[int, models.ProgressEntry]:
    """Return the latest accepted or source-stated status of each measure in a year."""
    entries = models.ProgressEntry.objects.filter(
        measure__in=[one.measure_id for one in versions],
        last_day__gte=date(year, 1, 1),
        last_day__lte=date(year, 12, 31),
        fact__isnull=False,
    ).order_by("last_day", "pk")
    return {one.measure_id: one for one in entries}


def _reached(versions: Iterable[models.MeasureVersion], year: int) -> dict[tuple[str, str], Reached]:
    """Return what was reached of each target of a year, by indicator and period."""
    asked: dict[str, set[str]] = defaultdict(set)
    for version in versions:
        for link in version.indicators.all():
            for target in link.targets.all():
                if Period.parse(target.period).end.year == year:
                    asked[target.period].add(link.indicator)
    found: dict[tuple[str, str], Reached] = {}
    for period, codes in asked.items():
        for code, value in indicators.values(sorted(codes), Period.parse(period)).items():
            number = value.quantity.value if value.quantity else None
            found[code, period] = (number, indicators.passport(code).good.value)
    return found


def _overlaps(version: models.MeasureVersion, span: Period) -> bool:
    return version.first_day <= span.end and (span.start is None or version.last_day >= span.start)


def _direction(node: models.PlanNode) -> int:
    while node.parent is not None:
        node = node.parent
    return node.number


def _indicator(link: models.MeasureIndicator) -> outcomes.IndicatorData:
    targets = tuple(
        outcomes.TargetData(
            one.period,
            one.value.normalize() + 0,
            text_in_all(one, "note"),
            outcomes.SourceView(one.source_document, one.source_line),
        )
        for one in link.targets.all()
    )
    return outcomes.IndicatorData(link.indicator, link.baseline, link.baseline_period, targets)


def _units(version: models.MeasureVersion, role: str) -> tuple[str, ...]:
    return tuple(one.unit.code for one in version.units.all() if one.role == role)


def quantity_of(one: models.FigureEntry) -> Quantity:
    """Return the quantity of a figure in a report."""
    return Quantity(one.value, one.upper, Qualifier(one.qualifier), one.as_written)
