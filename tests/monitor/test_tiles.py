"""Tiles follow the ledger: a batch changes the tiles it concerns, once, and what is missing is never zero."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from shaar.kernel import clock
from shaar.monitor import demo, keeping
from shaar.monitor.declared import monitor
from shaar.monitor.models import TileChange, TileState
from shaar.monitor.rules import Level, Standing
from tests.monitor.conftest import Record

TILE = "lighting.emergencies_fixed"


def test_a_city_without_facts_says_so_on_every_tile(monitored: Path) -> None:
    keeping.keep_all(now=clock.now())
    found = keeping.readings()
    assert found
    assert {reading.standing for reading, _at in found.values()} == {Standing.NO_DATA}
    assert {reading.value for reading, _at in found.values()} == {None}


def test_a_demonstration_shows_its_tiles_before_any_job_has_run(pack: Path) -> None:
    demo.load(pack)
    declared = monitor()
    assert declared is not None
    assert set(TileState.objects.values_list("tile", flat=True)) == {tile.code for tile in declared.tiles}


def test_a_fact_changes_only_the_tiles_that_it_concerns(record: Record) -> None:
    keeping.keep_all(now=clock.now())
    before = TileChange.objects.count()
    batch = record(TILE, "4")
    assert keeping.keep_up(batch, now=clock.now()) == [TILE]
    assert TileChange.objects.count() == before + 1
    reading = keeping.readings()[TILE][0]
    assert (reading.value, reading.standing, reading.level) == (Decimal(4), Standing.KNOWN, Level.GOOD)


def test_a_batch_is_reckoned_once_and_takes_later_ones_along(record: Record) -> None:
    first, second = record(TILE, "4"), record(TILE, "3")
    assert keeping.keep_up(first, now=clock.now()) == [TILE]
    assert keeping.readings()[TILE][0].value == Decimal(7)
    assert keeping.keep_up(second, now=clock.now()) == []
    assert keeping.keep_up(first, now=clock.now()) == []


def test_a_batch_below_one_that_was_reckoned_is_not_forgotten(record: Record) -> None:
    first, second = record(TILE, "4"), record("transport.tulpar_bus", "9", measure="card")
    from shaar.monitor.models import Reckoned

    Reckoned.objects.create(batch=second)
    assert keeping.keep_up(first, now=clock.now()) == [TILE]


def test_what_was_recorded_before_the_monitor_is_reckoned_once(record: Record) -> None:
    first, second = record(TILE, "4"), record(TILE, "3")
    keeping.keep_all(now=clock.now())
    assert keeping.keep_up(second, now=clock.now()) == []
    assert keeping.keep_up(first, now=clock.now()) == [TILE]
    assert keeping.readings()[TILE][0].value == Decimal(7)


def test_old_figures_are_stale_and_say_so(record: Record) -> None:
    batch = record(TILE, "12", day=clock.today() - timedelta(days=9))
    keeping.keep_up(batch, now=clock.now())
    reading = keeping.readings()[TILE][0]
    assert (reading.standing, reading.level, reading.value) == (Standing.STALE, Level.NONE, Decimal(12))


def test_nothing_new_is_no_change(record: Record) -> None:
    now = clock.now()
    keeping.keep_up(record(TILE, "4"), now=now)
    keeping.keep_all(now=now)
    before = TileChange.objects.count()
    assert keeping.keep_all(now=now) == []
    assert TileChange.objects.count() == before


def test_a_job_of_each_batch_brings_the_tiles_up_to_date(record: Record, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    record(TILE, "25")
    run_jobs()
    reading = keeping.readings()[TILE][0]
    assert (reading.value, reading.level) == (Decimal(25), Level.BAD)
    assert TileState.objects.get(tile=TILE).last_at is not None


def test_what_is_sent_is_in_each_language_and_names_its_owner(record: Record) -> None:
    keeping.keep_up(record(TILE, "1234"), now=clock.now())
    document = TileChange.objects.latest("pk").document
    assert document["owner"] == "city-hall"
    assert "1\u00a0234" in document["ru"]
    assert "Аткарылган" not in document["ru"]
    assert document["ru"] != document["ky"]


def test_the_age_of_a_tile_is_that_of_the_newest_fact_however_it_was_reckoned(record: Record) -> None:
    record(TILE, "5", day=clock.today() - timedelta(days=1))
    record(TILE, "7", day=clock.today())
    keeping.keep_all(now=clock.now())
    last_at = keeping.readings()[TILE][0].last_at
    assert last_at is not None
    assert clock.city_date(last_at) == clock.today()
