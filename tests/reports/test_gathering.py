"""A snapshot gathered through the doors of indicators and city; the programme's door is a small stand-in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.indicators.rules import registry
from shaar.indicators.sources import standing_on
from shaar.kernel.texts import Text
from shaar.reports import programmes
from shaar.reports.composing import Imprint, compose
from shaar.reports.documents import Paragraph, plain
from shaar.reports.forms import keep_form, kept_form, read_form
from shaar.reports.gather import gather
from shaar.reports.snapshot import Snapshot, from_data, to_data
from tests.indicators.grounds import figures_of_2022
from tests.reports.pack_example import PACK, read, stated_rows, text

pytestmark = pytest.mark.django_db
AT = datetime(2023, 3, 1, tzinfo=UTC)


def programme_door() -> Any:
    """Answer as the programme's door does, from the pack's own file."""
    pack = read("programmes/bishkek-2026.yaml")
    acts = [SimpleNamespace(code=act["code"], name=text(act["name"])) for act in read("acts.yaml")["acts"]]
    directions = [SimpleNamespace(number=one["number"], name=text(one["name"])) for one in pack["directions"]]
    measures = [
        SimpleNamespace(
            code=one["code"], number=one["number"], text=text(one["text"]), direction=one["direction"],
            responsible=("city-hall",), status=one["status"][0]["status"] if one.get("status") else None,
        )
        for one in pack["measures"]
    ]  # fmt: skip
    view = SimpleNamespace(
        full_name=text(pack["programme"]["full_name"]),
        unit=pack["programme"]["unit"],
        directions=directions,
        acts=acts,
    )
    codes = [passport.code for passport in indicators.passports() if passport.row]
    return SimpleNamespace(
        acts=lambda: acts,
        programme=lambda *_, **__: view,
        measures=lambda *_, **__: measures,
        indicator_codes=lambda *_, **__: codes,
    )


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Snapshot]:
    if "itemised_total" not in registry.registered_rules():
        monkeypatch.setitem(registry._rules, "itemised_total", lambda _context: ())
    city.load_pack(PACK, actor="pack:bishkek")
    indicators.load_pack(PACK, actor="pack:bishkek")
    keep_form(read_form(PACK), actor="pack:bishkek", at=AT)
    door = programme_door()
    monkeypatch.setattr(programmes, "programme", door)
    with standing_on(figures_of_2022()):
        yield gather("bishkek-2026", 2022, form=kept_form(), at=AT)


def test_every_figure_comes_with_value_source_and_remarks(gathered: Snapshot) -> None:
    by_row = {figure.row: figure for figure in gathered.figures if figure.row}
    assert len(by_row) == 108
    assert set(stated_rows()) <= set(by_row)
    led, lamps, gas = by_row["O01"], by_row["O06"], by_row["G02"]
    assert (led.value, led.state, led.noun.ru) == (Decimal(10531), "known", "светодиодный светильник")
    assert led.sources[0].place.startswith("абзац ")
    assert (lamps.state, lamps.value, lamps.as_written) == ("disputed", None, "1 1684")
    assert (gas.qualifier.value, gas.noun, gas.unit.ru) == ("at_least", Text(""), "км")
    assert {one.rule for one in gathered.findings_of["lighting.led_total"]} >= {"parts_total"}


def test_a_snapshot_survives_its_canonical_form(gathered: Snapshot) -> None:
    assert from_data(to_data(gathered)) == gathered


def test_the_report_lists_what_the_rules_found_and_confirmed(gathered: Snapshot) -> None:
    document = compose(gathered, "ru", Imprint("http://127.0.0.1:8000"))
    said = "\n".join(
        plain(item)
        for block in document.body
        if block.kind == "list"
        for item in block.items  # type: ignore[union-attr]
    )
    assert "1\u00a0389" in said
    confirmed = [block for block in document.body if isinstance(block, Paragraph)]
    assert any("подтверждённых правилами" in plain(block.inlines) for block in confirmed)


def test_the_author_is_the_unit_that_answers_for_the_programme(gathered: Snapshot) -> None:
    assert gathered.author.ru == city.unit("city-hall", on=AT.date()).name.ru
