"""Changes a plan by revisions: a draft made under a legal act, filled, and enacted for a day on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from shaar.access.api import Actor, acting, check
from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.kernel.errors import Place, Refusal, refuse_all
from shaar.kernel.periods import Period
from shaar.programme import models
from shaar.programme.outcomes import IndicatorData, MeasureData, RevisionView
from shaar.programme.permissions import PLAN
from shaar.programme.queries import required_programme, revision_view
from shaar.programme.searching import plan_changed
from shaar.programme.wording import columns_of

BATCH = 2000


def start_revision(
    programme: str, *, act: str, effective_from: date, actor: Actor, at: datetime
) -> RevisionView:
    """Open a draft of the next revision under a legal act.

    Refusal `forbidden`, `unknown_programme`, `unknown_act`, `draft_exists`, or `revision_too_early`
    when a later revision is in force already.
    """
    row = required_programme(programme)
    check(actor, PLAN, unit=row.unit.code)
    with transaction.atomic(), acting(actor):
        models.Programme.objects.select_for_update().get(pk=row.pk)
        return revision_view(_open(row, act, effective_from=effective_from, by=actor.key, at=at))


def add_measure(revision: int, data: MeasureData, *, actor: Actor) -> None:
    """Put a new measure into a draft; Refusal `measure_exists`, or Refusals naming each wrong field."""
    with transaction.atomic(), acting(actor):
        draft = locked_draft(revision, actor=actor)
        if models.Measure.objects.filter(programme_id=draft.programme_id, code=data.code).exists():
            raise Refusal("measure_exists", _("The plan has a measure of this code already."))
        _replace(draft, data)


def change_measure(revision: int, data: MeasureData, *, actor: Actor) -> None:
    """Reword a measure of the plan in a draft, as often as needed; Refusal `unknown_measure`, or Refusals."""
    with transaction.atomic(), acting(actor):
        draft = locked_draft(revision, actor=actor)
        _required_measure(draft, data.code)
        _replace(draft, data)


def cancel_measure(revision: int, code: str, *, reason: str, actor: Actor) -> None:
    """Take a measure out of the plan in a draft; Refusal `reason_required`, `unknown_measure`."""
    if not reason.strip():
        raise Refusal("reason_required", _("Say why the measure is cancelled."))
    with transaction.atomic(), acting(actor):
        draft = locked_draft(revision, actor=actor)
        measure = _required_measure(draft, code)
        last = measure.versions.filter(revision__number__lte=draft.number).order_by("-revision__number")[0]
        from shaar.programme.queries import measure_data

        _replace(draft, measure_data(last))
        measure.versions.filter(revision=draft).update(is_cancelled=True, cancel_reason=reason.strip())


def enact_revision(revision: int, *, actor: Actor, at: datetime) -> RevisionView:
    """Put a draft in force from its day on; Refusal `revision_empty` when it changes nothing."""
    with transaction.atomic(), acting(actor):
        draft = locked_draft(revision, actor=actor)
        if not draft.versions.exists():
            raise Refusal("revision_empty", _("The revision changes no measure."))
        enact(draft, by=actor.key, at=at)
        return revision_view(draft)


def discard_revision(revision: int, *, actor: Actor) -> None:
    """Throw a draft away with all that was written in it; what is enacted stays for good."""
    with transaction.atomic(), acting(actor):
        draft = locked_draft(revision, actor=actor)
        draft.versions.all().delete()
        models.Measure.objects.filter(programme_id=draft.programme_id, versions__isnull=True).delete()
        draft.delete()


# Rows -------------------------------------------------------------------------------------------------------
def locked_draft(revision: int, *, actor: Actor) -> models.PlanRevision:
    """Return a draft locked for change; Refusal `unknown_revision`, `revision_enacted`, `forbidden`."""
    row = (
        models.PlanRevision.objects.select_for_update(of=("self",))
        .select_related("programme__unit", "act")
        .filter(pk=revision)
        .first()
    )
    if row is None:
        raise Refusal("unknown_revision", _("There is no such revision of the plan."))
    check(actor, PLAN, unit=row.programme.unit.code)
    if row.enacted_at is not None:
        raise Refusal("revision_enacted", _("This revision is in force: start a new one."))
    return row


def open_revision(
    row: models.Programme, act: str, *, effective_from: date, by: str, at: datetime
) -> models.PlanRevision:
    """Open a draft without asking who does it, for imports that were approved."""
    return _open(row, act, effective_from=effective_from, by=by, at=at)


def check_next(row: models.Programme, *, effective_from: date) -> None:
    """Refusal `draft_exists` or `revision_too_early` where no next revision can begin on a day."""
    if row.revisions.filter(enacted_at__isnull=True).exists():
        raise Refusal("draft_exists", _("A draft of the next revision is open already."))
    last = row.revisions.aggregate(day=Max("effective_from"))["day"]
    if last and effective_from < last:
        place = Place(field="effective_from")
        raise Refusal(
            "revision_too_early", _("A later revision of the plan is in force already."), place=place
        )


def enact(draft: models.PlanRevision, *, by: str, at: datetime) -> None:
    """Put a draft in force."""
    draft.enacted_at, draft.enacted_by = at, by
    draft.save(update_fields=["enacted_at", "enacted_by"])
    plan_changed()


def _open(
    row: models.Programme, act: str, *, effective_from: date, by: str, at: datetime
) -> models.PlanRevision:
    check_next(row, effective_from=effective_from)
    act_row = models.LegalAct.objects.filter(code=act).first()
    if act_row is None:
        raise Refusal("unknown_act", str(_("There is no legal act “%(code)s”.")) % {"code": act})
    return models.PlanRevision.objects.create(
        programme=row,
        number=(row.revisions.aggregate(number=Max("number"))["number"] or 0) + 1,
        act=act_row,
        effective_from=effective_from,
        started_at=at,
        started_by=by,
    )


def _required_measure(draft: models.PlanRevision, code: str) -> models.Measure:
    found = models.Measure.objects.filter(programme_id=draft.programme_id, code=code).first()
    if found is None:
        raise Refusal("unknown_measure", str(_("There is no measure “%(code)s”.")) % {"code": code})
    return found


def _replace(draft: models.PlanRevision, data: MeasureData) -> None:
    known = known_of(draft.programme, on=draft.effective_from)
    refuse_all(problems_of(data, known))
    models.MeasureVersion.objects.filter(revision=draft, measure__code=data.code).delete()
    write_versions(draft, [data], known)


# Checks -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Known:
    """What a measure may name: branches of the plan, units of the day, indicators."""

    nodes: Mapping[str, models.PlanNode]
    units: frozenset[str]
    indicators: frozenset[str]


def known_of(programme: models.Programme, *, on: date) -> Known:
    """Read what measures of a programme may name on a day."""
    return Known(
        nodes={node.code: node for node in programme.nodes.all()},
        units=frozenset(unit.code for unit in city.units(on=on)),
        indicators=frozenset(passport.code for passport in indicators.passports()),
    )


def problems_of(
    data: MeasureData, known: Known, *, places: Mapping[str, Place] | None = None
) -> list[Refusal]:
    """Return everything that is wrong with a measure, each with its field or the place given for it."""
    found: list[Refusal] = []
    for code, name, value in _wrong_fields(data, known):
        place = _placed(places or {}, name)
        found.append(Refusal(code, str(WRONG[code]) % {"value": str(value)[:120]}, place=place))
    for link in data.indicators:
        found += _indicator_problems(link, known, places or {})
    return found


WRONG = {
    "missing_code": _("The measure has no code."),
    "missing_text": _("The measure has no text in Russian."),
    "unknown_node": _("The plan has no branch “%(value)s”."),
    "malformed_period": _("“%(value)s” is not a period."),
    "unknown_unit": _("There is no unit “%(value)s”."),
    "unit_twice": _("The unit “%(value)s” stands twice."),
    "negative_amount": _("The amount %(value)s is negative."),
}


def _wrong_fields(data: MeasureData, known: Known) -> Iterator[tuple[str, str, object]]:
    checks: tuple[tuple[bool, str, str, object], ...] = (
        (bool(data.code.strip()), "missing_code", "code", data.code),
        (bool(data.text.ru.strip()), "missing_text", "text_ru", ""),
        (data.node in known.nodes, "unknown_node", "node", data.node),
        (_is_period(data.period), "malformed_period", "period", data.period),
    )
    yield from (told for is_right, *told in checks if not is_right)  # type: ignore[misc]
    for name, codes in (("responsible", data.responsible), ("co_responsible", data.co_responsible)):
        yield from (("unknown_unit", name, code) for code in codes if code not in known.units)
    every = (*data.responsible, *data.co_responsible)
    yield from (
        ("unit_twice", "co_responsible", code) for code in sorted(set(every)) if every.count(code) > 1
    )
    yield from (
        ("negative_amount", f"funding {one.source} {one.year} {one.currency}", one.amount)
        for one in data.funding
        if one.amount < 0
    )


def _placed(places: Mapping[str, Place], name: str) -> Place:
    """Return the place given for a part of a measure (`targets CODE PERIOD`), or for its field as a whole."""
    field = name.partition(" ")[0]
    return places.get(name) or places.get(field) or Place(field=field)


def _indicator_problems(link: IndicatorData, known: Known, places: Mapping[str, Place]) -> list[Refusal]:
    found = []
    place = _placed(places, f"indicators {link.code}")
    if link.code not in known.indicators:
        message = str(_("There is no indicator “%(code)s”.")) % {"code": link.code}
        found.append(Refusal("unknown_indicator", message, place=place))
    for target in link.targets:
        if not _is_period(target.period):
            message = str(_("“%(value)s” is not a period.")) % {"value": target.period}
            at = places.get(f"targets {link.code} {target.period}") or place
            found.append(Refusal("malformed_period", message, place=at))
    return found


def _is_period(code: str) -> bool:
    try:
        return Period.parse(code).start is not None
    except Refusal:
        return False


# Writing ----------------------------------------------------------------------------------------------------
def write_versions(
    revision: models.PlanRevision,
    wanted: Sequence[MeasureData],
    known: Known,
    *,
    positions: Mapping[str, int] | None = None,
) -> None:
    """Write measures into a revision in a fixed number of statements for each two thousand of them.

    `positions` says by code where a measure stands in its branch; otherwise they stand in the order given.
    """
    codes = [data.code for data in wanted]
    models.Measure.objects.bulk_create(
        (models.Measure(programme_id=revision.programme_id, code=code) for code in codes),
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    held = models.Measure.objects.filter(programme_id=revision.programme_id, code__in=codes)
    ids = dict(held.values_list("code", "pk"))
    places = positions or {code: position for position, code in enumerate(codes)}
    versions = models.MeasureVersion.objects.bulk_create(
        (_version(revision, ids[data.code], places[data.code], data, known) for data in wanted),
        batch_size=BATCH,
    )
    _write_parts(list(zip(versions, wanted, strict=True)))


def _version(
    revision: models.PlanRevision, measure: int, position: int, data: MeasureData, known: Known
) -> models.MeasureVersion:
    period = Period.parse(data.period)
    return models.MeasureVersion(
        measure_id=measure,
        revision=revision,
        node=known.nodes[data.node],
        number=data.number,
        position=position,
        period=data.period,
        first_day=period.start or period.end,
        last_day=period.end,
        source_document=data.source.document,
        source_line=data.source.line,
        **columns_of("text", data.text),
        **columns_of("expected", data.expected),
        **columns_of("note", data.note, languages="ru ky"),
    )


def _write_parts(pairs: list[tuple[models.MeasureVersion, MeasureData]]) -> None:
    units = city.unit_ids({code for _v, data in pairs for code in data.responsible + data.co_responsible})
    models.MeasureUnit.objects.bulk_create(_units(pairs, units), batch_size=BATCH)
    models.Funding.objects.bulk_create(
        (
            models.Funding(
                version=version,
                source=one.source,
                year=one.year,
                amount=one.amount,
                currency=one.currency,
            )
            for version, data in pairs
            for one in data.funding
        ),
        batch_size=BATCH,
    )
    linked = [
        (version, position, one) for version, data in pairs for position, one in enumerate(data.indicators)
    ]
    links = models.MeasureIndicator.objects.bulk_create(
        (
            models.MeasureIndicator(
                version=version,
                indicator=one.code,
                position=position,
                baseline=one.baseline,
                baseline_period=one.baseline_period,
            )
            for version, position, one in linked
        ),
        batch_size=BATCH,
    )
    models.Target.objects.bulk_create(
        _targets(zip(links, (one for _v, _p, one in linked), strict=True)), batch_size=BATCH
    )


def _units(
    pairs: Iterable[tuple[models.MeasureVersion, MeasureData]], ids: Mapping[str, int]
) -> Iterable[models.MeasureUnit]:
    for version, data in pairs:
        named = [(code, models.UnitRole.RESPONSIBLE) for code in data.responsible]
        named += [(code, models.UnitRole.CO_RESPONSIBLE) for code in data.co_responsible]
        for position, (code, role) in enumerate(named):
            yield models.MeasureUnit(version=version, unit_id=ids[code], role=role, position=position)


def _targets(
    pairs: Iterable[tuple[models.MeasureIndicator, IndicatorData]],
) -> Iterable[models.Target]:
    for link, one in pairs:
        for target in one.targets:
            yield models.Target(
                link=link,
                period=target.period,
                value=Decimal(target.value),
                source_document=target.source.document,
                source_line=target.source.line,
                **columns_of("note", target.note, languages="ru ky"),
            )
