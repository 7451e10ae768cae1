"""The steps of reports that can be made for many of them at once, by the services of a single one."""

from collections.abc import Callable, Mapping
from datetime import datetime

from shaar.access.api import Actor
from shaar.cases.api import CaseView
from shaar.programme import models, services

Step = Callable[[CaseView, Actor, datetime], None]


def _approve(case: CaseView, actor: Actor, at: datetime) -> None:
    services.approve(_report(case), actor=actor, at=at)


def _accept(case: CaseView, actor: Actor, at: datetime) -> None:
    services.accept(_report(case), actor=actor, at=at)


def _report(case: CaseView) -> int:
    return models.UnitReport.objects.values_list("pk", flat=True).get(case_id=case.id)


STEPS: Mapping[str, Step] = {"approve": _approve, "accept": _accept}
