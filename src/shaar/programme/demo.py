"""Loads the pack's programmes, then an invented one whose round shows a report in each state."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from shaar.access.api import Actor, system_actor, user_actor
from shaar.cases import api as cases
from shaar.city import api as city
from shaar.kernel import clock, jobs
from shaar.kernel.errors import Refusal
from shaar.programme import models, reporting, services
from shaar.programme.outcomes import ReportView
from shaar.programme.pack import load_example, load_pack

PROGRAMME, PERIOD = "demo", "2025-Q4"
OPENED = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
LABEL = "Демонстрационная запись, не сведения города (демо)."
DAYS_LEFT = 20


def load(pack: Path) -> Sequence[str]:
    """Load the pack's programme and facts, bring figures up to date, open the demonstration round once."""
    load_pack(pack, actor=f"pack:{pack.name}")
    example = pack / "demo" / "programme.yaml"
    if example.exists():
        load_example(example, actor=f"pack:{pack.name}")
        if not models.ReportingRound.objects.filter(programme__code=PROGRAMME).exists():
            _open_demo()
    jobs.run_pending()
    return ()


def _open_demo() -> None:
    """Leave a report in each state: begun, handed in, approved, returned, accepted, and one that is missing.

    No figure is invented: the reports state how far invented measures are, and say that they are examples.
    """
    try:
        lift, head, city_hall, units, office = map(
            user_actor, ("reporter", "head", "cityreporter", "unitreporter", "office")
        )
    except Refusal:
        return
    opened = services.open_round(PROGRAMME, PERIOD, actor=office, at=OPENED, is_demo=True)
    by_measure = {code: one for one in reporting.reports_of(opened.id) for code in one.measures}
    _begin(by_measure["demo-draft"], units)
    _hand_in(by_measure["demo-submitted"], units)
    _hand_in(by_measure["demo-approved"], units)
    services.approve(by_measure["demo-approved"].id, actor=units, at=OPENED)
    _hand_in(by_measure["demo-returned"], lift)
    services.send_back(by_measure["demo-returned"].id, remark=LABEL, actor=head, at=OPENED)
    accepted = by_measure["demo-accepted"]
    _hand_in(accepted, city_hall, with_file=True)
    services.approve(accepted.id, actor=city_hall, at=OPENED)
    services.accept(accepted.id, actor=office, at=OPENED)


def _begin(report: ReportView, by: Actor) -> None:
    """Fill a report in without handing it in, with a deadline that is still to come."""
    _state(report, by)
    due = city.working_deadline(clock.now(), days=DAYS_LEFT)
    cases.set_deadline(report.case_id, due, actor=system_actor("demo"), at=OPENED, reason=LABEL)


def _hand_in(report: ReportView, by: Actor, *, with_file: bool = False) -> None:
    _state(report, by, with_file=with_file)
    services.submit(report.id, actor=by, at=OPENED)


def _state(report: ReportView, by: Actor, *, with_file: bool = False) -> None:
    files = []
    if with_file:
        content = io.BytesIO(LABEL.encode())
        files.append(cases.store_file(content, name="пример-демо.txt", actor=by, at=OPENED).id)
    for measure in report.measures:
        services.state_progress(report.id, measure, status="in_progress", text=LABEL, files=files, actor=by)
