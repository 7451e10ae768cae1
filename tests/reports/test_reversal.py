"""From the pack to an edition through the real doors: a fact taken back later leaves the edition alone."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from shaar.access.api import system_actor
from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.kernel.periods import Period
from shaar.ledger import api as ledger
from shaar.programme import api as programme
from shaar.reports.api import EditionView, edition, edition_file, gather, kept_form, load_pack, publish
from tests.reports.pack_example import PACK

AT = datetime(2023, 3, 1, tzinfo=UTC)
PACK_ACTOR = "pack:bishkek"


def publish_now() -> EditionView:
    given = gather("bishkek-2026", 2022, form=kept_form(), at=AT)
    return publish(given, actor=system_actor("tests"), at=AT, public_url="http://127.0.0.1:8000")


def contents(number: int) -> dict[str, bytes]:
    found = edition("bishkek-2026", 2022, number=number)
    assert found is not None
    return {
        one.name: edition_file("bishkek-2026", 2022, language=one.language, form=one.form, number=number)
        for one in found.files
    }


@pytest.mark.django_db
def test_a_fact_taken_back_later_changes_the_next_edition_and_never_the_published_one(
    run_jobs: Callable[[], int],
) -> None:
    for load in (city.load_pack, indicators.load_pack, programme.load_pack, load_pack):
        load(PACK, actor=PACK_ACTOR)
    run_jobs()
    first = publish_now()
    before = contents(1)
    told = json.loads(before["report-2022.json"])
    assert {one["state"] for one in told["figures"]} == {"known", "disputed"}
    traced = indicators.trace("lighting.led_residential", Period.year(2022))
    ledger.reverse(traced.facts[0].id, reason="Ошибка", actor=PACK_ACTOR, at=AT)
    run_jobs()
    second = publish_now()
    assert (second.number, second.hash != first.hash) == (2, True)
    changed = {change.indicator: change.after for change in second.differences}
    assert changed["lighting.led_residential"] == "нет данных"
    assert contents(1) == before
    assert edition("bishkek-2026", 2022, number=1) == first
