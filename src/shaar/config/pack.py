"""Validates and loads a city pack: every module checks and loads the part of the pack that it reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from shaar.config.console import CommandFailed
from shaar.config.modules import find

# Each check is `check(pack: Path) -> Iterable[str]`: a line for each thing that is wrong, with its place.
CHECKS: Sequence[str] = (
    "shaar.city.pack:check",
    "shaar.access.pack:check",
    "shaar.maps.pack:check",
    "shaar.indicators.pack:check",
    "shaar.programme.pack:check",
    "shaar.budget.pack:check",
    "shaar.ratings.pack:check",
    "shaar.reports.pack:check",
    "shaar.portal.pack:check",
    "shaar.monitor.pack:check",
)

# Each load is `load(pack: Path, *, actor: str) -> None`, safe to repeat; it raises Refusal.
LOADS: Sequence[str] = (
    "shaar.city.api:load_pack",
    "shaar.access.pack:load_roles",
    "shaar.maps.pack:load_pack",
    "shaar.indicators.pack:load_pack",
    "shaar.programme.pack:load_pack",
    "shaar.budget.pack:load_pack",
    "shaar.ratings.pack:load_pack",
    "shaar.reports.api:load_pack",
    "shaar.portal.pack:load_pack",
    "shaar.monitor.pack:load_pack",
    "shaar.search.pack:load",
)


@dataclass(frozen=True, slots=True)
class Change:
    """How many rows of one table a load added, changed and removed."""

    title: str
    added: int
    changed: int
    removed: int

    def __str__(self) -> str:
        counts = {"added": self.added, "changed": self.changed, "removed": self.removed}
        told = ", ".join(f"{count} {verb}" for verb, count in counts.items() if count)
        return f"{self.title}: {told}"


def check_pack(pack: Path, checks: Sequence[str] = CHECKS) -> Iterator[str]:
    """Yield what is wrong with a pack, over all checks that exist."""
    if not pack.is_dir():
        raise CommandFailed(f"{pack} is not a directory; name the directory of a city pack")
    for door in checks:
        check = find(door)
        if check is not None:
            yield from check(pack)


def load_pack(pack: Path, loads: Sequence[str] = LOADS) -> list[Change]:
    """Load a checked pack in one transaction, bring the figures up to date, and return what changed.

    Nothing is changed where a module refuses its part.
    """
    from django.db import transaction

    from shaar.kernel import jobs

    with transaction.atomic():
        before = _counters()
        for door in loads:
            load = find(door)
            if load is not None:
                load(pack, actor=f"pack:{pack.resolve().name}")
        changes = list(_changes(before, _counters()))
    jobs.run_pending()
    return changes


Counters: TypeAlias = dict[str, tuple[int, int, int]]
COUNTERS = """
    SELECT coalesce(parent.relname, own.relname), sum(n_tup_ins), sum(n_tup_upd), sum(n_tup_del)
    FROM pg_stat_xact_user_tables AS own
    LEFT JOIN pg_inherits ON inhrelid = own.relid
    LEFT JOIN pg_class AS parent ON parent.oid = inhparent
    GROUP BY 1
"""


def _changes(before: Counters, after: Counters) -> Iterator[Change]:
    for table, title in sorted(_tables().items()):
        now, then = after.get(table, (0, 0, 0)), before.get(table, (0, 0, 0))
        added, changed, removed = (late - early for late, early in zip(now, then, strict=True))
        if added or changed or removed:
            yield Change(title, added, changed, removed)


def _counters() -> Counters:
    """Return what this session has inserted, updated and deleted, by table; a partition counts as its table.

    PostgreSQL's own counters are read, so that no loader can forget to tell.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(COUNTERS)
        return {table: (int(one), int(two), int(three)) for table, one, two, three in cursor.fetchall()}


def _tables() -> dict[str, str]:
    """Return the names of Shaar's tables for people; histories, which triggers write, are left out."""
    from django.apps import apps

    models = [model for config in apps.get_app_configs() for model in config.get_models()]
    own = (one for one in models if one.__module__.startswith("shaar.") and not hasattr(one, "pgh_id"))
    metas = [model._meta for model in own]  # noqa: SLF001 public by Django's documentation
    named = {meta.db_table: f"{meta.app_label} {meta.verbose_name}" for meta in metas}
    return named | {"ledger_fact": "ledger fact", "ledger_reversal": "ledger reversal"}
