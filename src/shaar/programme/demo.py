"""Loads the pack's programmes, then a labelled round of reports by invented people, through the services."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from shaar.access.api import system_actor, user_actor
from shaar.kernel import jobs
from shaar.kernel.errors import Refusal
from shaar.programme import models, reporting, services
from shaar.programme.pack import load_pack

PROGRAMME, PERIOD = "bishkek-2026", "2022-Q4"
OPENED = datetime(2023, 1, 3, 4, 0, tzinfo=UTC)
LABEL = "Демонстрационная запись, не сведения города."


def load(pack: Path) -> Sequence[str]:
    """Load the pack's programme and facts, bring figures up to date, open the demonstration round once."""
    load_pack(pack, actor=f"pack:{pack.name}")
    if not models.ReportingRound.objects.filter(programme__code=PROGRAMME).exists():
        _open_demo()
    jobs.run_pending()
    return ()


def _open_demo() -> None:
    """Leave one report returned with a remark and the others missing and overdue; no figure is invented."""
    try:
        reporter, head = user_actor("reporter"), user_actor("head")
    except Refusal:
        return
    opened = services.open_round(
        PROGRAMME, PERIOD, actor=system_actor("demo"), at=OPENED, is_demo=True, units=["city-hall"]
    )
    by_unit = {one.unit: one for one in reporting.reports_of(opened.id)}
    report = by_unit.get("bishkekgorlift")
    if report is None:
        return
    for measure in report.measures:
        services.state_progress(report.id, measure, status="in_progress", text=LABEL, actor=reporter)
    services.submit(report.id, actor=reporter, at=OPENED)
    services.send_back(report.id, remark=LABEL, actor=head, at=OPENED)
