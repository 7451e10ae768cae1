"""Rates the whole quarters that were made up by the example regulation; all but the last are published."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from shaar.access.api import system_actor
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.periods import Period, PeriodKind
from shaar.ratings import rounds
from shaar.ratings.models import Regulation, Round

CODE = "example"
ACTOR = system_actor("simulation")
COMMENT = "Демо: придуманная оценка"


def simulate(_pack: Path, *, days: int, seed: int, until: date) -> Iterator[str]:
    """Open a round for each quarter that lies in these days, judge the units, publish the earlier ones."""
    newest = Regulation.objects.filter(code=CODE, is_example=True).order_by("-version").first()
    first = until - timedelta(days=days - 1)
    period = Period.of(first, PeriodKind.QUARTER)
    wanted = []
    while period.end < until:
        if period.start is not None and period.start >= first:
            wanted.append(period)
        period = period.next()
    if newest is None:
        return
    new = [one for one in wanted if not Round.objects.filter(code=CODE, period=str(one)).exists()]
    for one in new:
        _rate(newest, one, seed=seed, is_last=one == wanted[-1])
    yield f"ratings: {len(new)} invented rounds"


def _rate(version: Regulation, period: Period, *, seed: int, is_last: bool) -> None:
    at = _noon(period.end + timedelta(days=3))
    number = rounds.open_round(version.pk, period, actor=ACTOR, at=at)
    for group in version.declared.groups:
        for unit in group.units if group.judged else ():
            chance = Random(f"{seed}:{period}:{unit}")  # noqa: S311 - not for secrets
            points = Decimal(chance.randrange(60, 101, 5))
            rounds.judge(number, unit, points=points, comment=COMMENT, actor=ACTOR, at=at)
    if is_last:
        return
    rounds.hear(number, actor=ACTOR, at=at)
    later = _noon(city.add_working_days(clock.city_date(at), version.declared.objection_days + 1))
    for step in ("settle", "approve", "publish"):
        rounds.step(number, step, actor=ACTOR, at=later)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=clock.city_time_zone())
