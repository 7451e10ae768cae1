"""Publishes the first edition of the report of the demonstration."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from shaar.access.api import pack_actor
from shaar.kernel import clock
from shaar.kernel.jobs import run_pending
from shaar.reports.api import edition, gather, kept_form, load_pack, publish
from shaar.reports.delivery import public_url, report_files

PROGRAMME, YEAR = "bishkek-2026", 2022


def load(pack: Path) -> Sequence[str]:
    """Load the report's form, publish edition 1 once, and write its files; return the lines to show."""
    load_pack(pack, actor=f"pack:{pack.name}")
    run_pending()  # values are read from rollups, which jobs bring up to the facts just loaded
    if edition(PROGRAMME, YEAR) is None:
        snapshot = gather(PROGRAMME, YEAR, form=kept_form(), at=clock.now())
        publish(snapshot, actor=pack_actor(pack.name), at=snapshot.taken_at, public_url=public_url())
    folder = settings.SHAAR_HOME / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    files = report_files(PROGRAMME, YEAR)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [f"{folder / name}" for name in files]
