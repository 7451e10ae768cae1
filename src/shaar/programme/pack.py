"""Loads a pack's programmes, and records its figures and statuses as facts; a second load records nothing."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shaar.access.api import acting, pack_actor
from shaar.city import api as city
from shaar.kernel import clock, yamlfile
from shaar.kernel.errors import Place, Refusal, refuse_all
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.ledger import api as ledger
from shaar.programme import models, outcomes, packfiles
from shaar.programme.facts import FIGURE_REPORTED, MEASURE_STATUS_STATED
from shaar.programme.planning import known_of, problems_of, write_versions
from shaar.programme.queries import measure_data, with_parts
from shaar.programme.wording import columns_of

FACT_BITS = 24


def check(pack: Path) -> Iterator[str]:
    """Yield a line for each thing that is wrong with the programmes of a pack, with its place."""
    for problem in packfiles.read(pack).problems:
        yield str(problem)


def load_pack(pack_dir: Path, *, actor: str) -> None:
    """Take a pack's acts, programmes, figures and statuses over, all of it or nothing.

    A row that changed since takes its fact back and records a new one; a row that left takes its fact back.
    Raises Refusals that name every mistake by file, line and field.
    """
    contents = packfiles.read(pack_dir)
    refuse_all(contents.problems)
    at = clock.now()
    with transaction.atomic(), acting(pack_actor(pack_dir.name)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('programme.load_pack'))")
        _load_documents(contents)
        for file in contents.programmes:
            _load_programme(file, actor=actor, at=at)
        for file in contents.programmes:
            _load_shared(file)
        rows = [*_figures(contents, actor), *_statuses(contents, actor)]
        facts = _record(rows, actor=actor, at=at)
        _load_statuses(contents, facts)


def load_example(path: Path, *, actor: str) -> None:
    """Take over the one programme of a file that is marked as a demonstration, with its acts."""
    file = yamlfile.load(path, packfiles.ExampleFile)
    if not file.demonstration:
        place = Place(file=str(path), field="demonstration")
        raise Refusal("demo_refused", _("This file is not marked as a demonstration."), place=place)
    with transaction.atomic(), acting(pack_actor(path.parent.parent.name)):
        _load_documents(packfiles.ProgrammePack(acts=list(file.acts)))
        _load_programme(file, actor=actor, at=clock.now())


def _source(item: packfiles.SourceItem | None) -> dict[str, object]:
    return {
        "source_document": item.document if item else "",
        "source_line": item.line if item else None,
    }


def _load_documents(contents: packfiles.ProgrammePack) -> None:
    for one in contents.sources:
        values: dict[str, object] = {"period": one.period, "sha256": one.sha256, "lines": one.lines}
        _put(models.SourceDocument, {"code": one.code}, values | columns_of("title", one.title))
    for act in contents.acts:
        values = {"kind": act.kind, "date": act.date, "year": act.year, "number": act.number}
        values |= columns_of("name", act.name) | columns_of("title", act.title)
        values |= columns_of("body", act.body) | columns_of("note", act.note, languages="ru ky")
        _put(models.LegalAct, {"code": act.code}, values | _source(act.source))


def _put(model: type, key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Create a row or bring it to the given values; an unchanged row is not written."""
    row = model.objects.filter(**key).first()  # type: ignore[attr-defined]
    if row is None:
        model.objects.create(**key, **values)  # type: ignore[attr-defined]
    elif any(getattr(row, name) != value for name, value in values.items()):
        model.objects.filter(pk=row.pk).update(**values)  # type: ignore[attr-defined]


def _load_programme(file: packfiles.ProgrammeFile, *, actor: str, at: datetime) -> None:
    head = file.programme
    acts = [*head.basis_acts, *([head.approval_act] if head.approval_act else [])]
    acts += [one.act for one in file.revisions if one.act not in acts]
    values: dict[str, object] = {
        "kind": head.kind,
        "unit_id": city.unit_ids([head.unit])[head.unit],
        "territory_id": city.territory_ids([head.territory])[head.territory],
        "first_year": head.first_year,
        "last_year": head.last_year,
        "are_years_stated": head.are_years_stated,
        "indicators": list(head.indicators),
        "acts": acts,
        "stated_totals": [one.model_dump() for one in file.stated_totals],
        **columns_of("name", head.name),
        **columns_of("full_name", head.full_name),
        **columns_of("goal", head.goal),
        **columns_of("note", head.note, languages="ru ky"),
        **_source(head.source),
    }
    _put(models.Programme, {"code": head.code}, values)
    programme = models.Programme.objects.get(code=head.code)
    for one in file.directions:
        values = {"kind": "direction", "number": one.number, "parent_id": None, **_source(one.source)}
        values |= columns_of("name", one.name)
        _put(models.PlanNode, {"programme_id": programme.pk, "code": one.code}, values)
    for revision in file.revisions:
        _ensure_revision(programme, revision, actor=actor, at=at)
    if file.revisions:
        _load_measures(programme, file)


def _ensure_revision(
    programme: models.Programme, item: packfiles.RevisionItem, *, actor: str, at: datetime
) -> None:
    act = models.LegalAct.objects.get(code=item.act)
    if programme.revisions.filter(act=act).exists():
        return
    models.PlanRevision.objects.create(
        programme=programme,
        number=programme.revisions.count() + 1,
        act=act,
        effective_from=item.effective_from,
        started_at=at,
        started_by=actor,
        enacted_at=at,
        enacted_by=actor,
        source_document=item.source.document if item.source else "",
        source_line=item.source.line if item.source else None,
    )


def _load_measures(programme: models.Programme, file: packfiles.ProgrammeFile) -> None:
    revision = programme.revisions.get(act__code=file.revisions[0].act)
    known = known_of(programme, on=revision.effective_from)
    held = {
        one.measure.code: measure_data(one)
        for one in with_parts(models.MeasureVersion.objects.filter(revision=revision))
    }
    wanted = measures_of(file)
    refuse_all([problem for one in wanted for problem in problems_of(one, known)])
    if [held.get(one.code) for one in wanted] == wanted and len(held) == len(wanted):
        return
    models.MeasureVersion.objects.filter(revision=revision).delete()
    write_versions(revision, wanted, known)


def _load_shared(file: packfiles.ProgrammeFile) -> None:
    """Let measures of other programmes serve this one; they are all loaded by now."""
    programme = models.Programme.objects.get(code=file.programme.code)
    nodes: dict[int | None, int] = {node.number: node.pk for node in programme.nodes.filter(parent=None)}
    wanted = []
    for one in file.shared:
        owner, _slash, code = one.measure.partition("/")
        measure = models.Measure.objects.get(programme__code=owner, code=code)
        values = {"node_id": nodes.get(one.direction), **_source(one.source)}
        _put(models.SharedMeasure, {"programme_id": programme.pk, "measure_id": measure.pk}, values)
        wanted.append(measure.pk)
    programme.shared.exclude(measure__in=wanted).delete()


def measures_of(file: packfiles.ProgrammeFile) -> list[outcomes.MeasureData]:
    """Return the measures of a programme's file as the data that services take in."""
    nodes = {one.number: one.code for one in file.directions}
    return [_measure(one, nodes[one.direction], file) for one in file.measures]


def _measure(item: packfiles.MeasureItem, node: str, file: packfiles.ProgrammeFile) -> outcomes.MeasureData:
    targets = [one for one in file.targets if one.measure == item.code]
    codes = dict.fromkeys([*item.indicators, *(one.indicator for one in targets)])
    source = item.status[0].source if item.status else None
    return outcomes.MeasureData(
        code=item.code,
        node=node,
        text=item.text,
        period=item.period,
        number=item.number or "",
        expected=packfiles.text(item.expected),
        note=_without_english(item.note),
        responsible=tuple(item.responsible),
        co_responsible=tuple(item.co_responsible),
        indicators=tuple(
            outcomes.IndicatorData(code, targets=tuple(_targets(targets, code))) for code in codes
        ),
        funding=tuple(
            outcomes.FundingData(one.source, one.year, Decimal(one.amount), one.currency)
            for one in item.funding
        ),
        source=outcomes.SourceView(source.document, source.line) if source else outcomes.HERE,
    )


def _targets(items: Iterable[packfiles.TargetItem], code: str) -> Iterator[outcomes.TargetData]:
    for one in sorted(items, key=lambda item: item.period):
        if one.indicator == code:
            source = (
                outcomes.SourceView(one.source.document, one.source.line) if one.source else outcomes.HERE
            )
            yield outcomes.TargetData(one.period, Decimal(one.value), _without_english(one.note), source)


def _without_english(names: Text | None) -> Text:
    return Text(names.ru, names.ky) if names else outcomes.NO_TEXT


# Facts ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    digest: str
    fact: ledger.Fact


def _evidence(contents: packfiles.ProgrammePack, document: str, place: str) -> tuple[ledger.Evidence, ...]:
    named = next(one for one in contents.sources if one.code == document)
    return (ledger.Evidence("document", document, place, named.title.ru, named.sha256),)


def _figures(contents: packfiles.ProgrammePack, actor: str) -> Iterator[_Row]:
    for row in contents.figures:
        place = _("paragraph %(paragraph)s, line %(line)s") % {"paragraph": row.paragraph, "line": row.line}
        fact = ledger.Fact(
            type=FIGURE_REPORTED.name,
            happened_at=clock.noon(row.period.end),
            unit=row.unit,
            territory=row.territory,
            quantity=row.quantity.value,
            measure=row.measure,
            subject=ledger.Subject("programme", "figure", row.key, title=row.key),
            actor=actor,
            dimensions={"figure": row.figure, **row.dimensions},
            covers=row.period.kind,
            qualifier=row.quantity.qualifier,
            upper=row.quantity.upper,
            as_written=row.quantity.as_written,
            evidence=_evidence(contents, row.document, place),
            period_stated=row.is_period_stated,
        )
        yield _Row(f"figure:{row.key}", row.digest, fact)


def _statuses(contents: packfiles.ProgrammePack, actor: str) -> Iterator[_Row]:
    for file, measure, stated in _stated(contents):
        place = _("line %(line)s") % {"line": stated.source.line}
        code = f"{file.programme.code}/{measure.code}"
        period = Period.year(stated.year)
        fact = ledger.Fact(
            type=MEASURE_STATUS_STATED.name,
            happened_at=clock.noon(period.end),
            unit=measure.responsible[0] if measure.responsible else file.programme.unit,
            territory=file.programme.territory,
            quantity=Decimal(1),
            measure="plan_measure",
            subject=ledger.Subject(
                "programme",
                "measure",
                code,
                title=measure.text.ru[:200],
                url=f"/programmes/{file.programme.code}/measures/{measure.code}/",
            ),
            actor=actor,
            dimensions={"programme": file.programme.code, "status": stated.status},
            covers=period.kind,
            evidence=_evidence(contents, stated.source.document, place),
        )
        written = repr((stated.model_dump(), measure.responsible, file.programme.unit, measure.text.ru))
        digest = hashlib.sha256(written.encode()).hexdigest()
        yield _Row(_status_key(code, stated), digest, fact)


def _stated(
    contents: packfiles.ProgrammePack,
) -> Iterator[tuple[packfiles.ProgrammeFile, packfiles.MeasureItem, packfiles.StatusItem]]:
    for file in contents.programmes:
        for measure in file.measures:
            for stated in measure.status:
                yield file, measure, stated


def _status_key(code: str, stated: packfiles.StatusItem) -> str:
    return f"status:{code}#{stated.year}@{stated.source.document}"


def _record(rows: list[_Row], *, actor: str, at: datetime) -> dict[str, int]:
    """Record new rows and changed ones, take back what changed or left; return the fact of every row."""
    held = {one.key: one for one in models.LoadedRow.objects.select_for_update()}
    wanted = {row.key: row for row in rows}
    for key, loaded in held.items():
        row = wanted.get(key)
        if loaded.digest and (row is None or row.digest != loaded.digest):
            reason = _("The pack has changed this row.") if row else _("The row left the pack.")
            ledger.reverse(loaded.fact, reason=reason, actor=actor, at=at)
            if row is None:
                models.LoadedRow.objects.filter(pk=loaded.pk).update(digest="")
    fresh = [row for row in rows if row.key not in held or held[row.key].digest != row.digest]
    facts = {key: one.fact for key, one in held.items() if key in wanted}
    if fresh:
        facts |= _record_fresh(fresh, held)
    return facts


def _record_fresh(fresh: list[_Row], held: Mapping[str, models.LoadedRow]) -> dict[str, int]:
    generations = {row.key: held[row.key].generation + 1 if row.key in held else 1 for row in fresh}
    written = "\n".join(f"{row.key} {generations[row.key]} {row.digest}" for row in fresh)
    key = f"programme.pack:{hashlib.sha256(written.encode()).hexdigest()}"
    batch = ledger.record_many([row.fact for row in fresh], key=key)
    facts = {row.key: (batch.id << FACT_BITS) + position for position, row in enumerate(fresh, start=1)}
    for row in fresh:
        models.LoadedRow.objects.update_or_create(
            key=row.key,
            defaults={"digest": row.digest, "generation": generations[row.key], "fact": facts[row.key]},
        )
    return facts


def _load_statuses(contents: packfiles.ProgrammePack, facts: Mapping[str, int]) -> None:
    kept: list[int] = []
    for file, measure, stated in _stated(contents):
        programme = file.programme.code
        row = models.Measure.objects.get(programme__code=programme, code=measure.code)
        key = {
            "measure_id": row.pk,
            "report_id": None,
            "period": str(stated.year),
            "source_document": stated.source.document,
        }
        values = {
            "status": stated.status,
            "reason": stated.reason,
            "last_day": Period.year(stated.year).end,
            "source_line": stated.source.line,
            "fact": facts[_status_key(f"{programme}/{measure.code}", stated)],
        }
        _put(models.ProgressEntry, key, values)
        kept.append(models.ProgressEntry.objects.get(**key).pk)
    models.ProgressEntry.objects.filter(report__isnull=True).exclude(pk__in=kept).delete()
