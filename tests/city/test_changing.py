"""Changes by hand stay when the pack is loaded again, and stand in the audit."""

from datetime import date, timedelta

import pytest

from shaar.city import api as city
from shaar.city.models import UnitVersion
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from tests.city.conftest import Loader, content

BY = "user:1"
DAY = date(2024, 6, 1)


def renamed(name: str, parent: str | None = "hall") -> city.Described:
    return city.Described("enterprise", Text(name), Text(""), parent)


def test_the_pack_leaves_alone_what_was_changed_by_hand(load: Loader) -> None:
    load(content())
    city.change("unit", "lifts", renamed("Лифты (демо)"), first=DAY, actor=BY)
    city.create("unit", "sweepers", renamed("Уборщики (демо)"), first=DAY, actor=BY)
    city.calendar.set_day(date(2022, 3, 21), like_weekday=1, name=Text("Работаем (демо)"), actor=BY)
    city.calendar.set_day(date(2022, 5, 5), like_weekday=None, name=Text("Выходной (демо)"), actor=BY)
    city.calendar.add_holiday(5, 9, name=Text("Праздник (демо)"), first=None, actor=BY)
    load(content())
    assert city.unit("lifts", on=DAY).name.ru == "Лифты (демо)"
    assert city.unit("lifts", on=DAY - timedelta(days=1)).name.ru == "Бишкекгорлифт"
    assert city.unit("sweepers", on=DAY).parent == "hall"
    assert city.is_working_day(date(2022, 3, 21))
    assert not city.is_working_day(date(2022, 5, 5))
    assert not city.is_working_day(date(2022, 5, 9))


def test_a_change_that_the_database_saw_names_who_did_it(load: Loader) -> None:
    load(content())
    city.change("unit", "lifts", renamed("Лифты (демо)"), first=DAY, actor=BY)
    events = UnitVersion.pgh_event_models  # type: ignore[attr-defined]
    model = next(iter(events.values()))
    last = model.objects.order_by("-pgh_id").first()
    assert last.pgh_context.metadata["actor"] == BY


@pytest.mark.parametrize(
    ("wanted", "first", "code"),
    [
        (renamed(""), DAY, "name_missing"),
        (renamed("x", "nowhere"), DAY, "unknown_parent"),
        (renamed("x", "lifts"), DAY, "circle"),
        (city.Described("street", Text("x"), Text(""), None), DAY, "bad_kind"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    load: Loader, wanted: city.Described, first: date, code: str
) -> None:
    load(content())
    with pytest.raises(Refusal) as refused:
        city.change("unit", "lifts", wanted, first=first, actor=BY)
    assert refused.value.code == code


def test_a_parent_that_ends_earlier_is_refused(load: Loader) -> None:
    load(content())
    city.end("unit", "parks", last=date(2030, 1, 1), actor=BY)
    with pytest.raises(Refusal) as refused:
        city.change("unit", "lifts", renamed("x", "parks"), first=DAY, actor=BY)
    assert refused.value.code == "unknown_parent"


def test_nothing_is_written_when_a_merger_is_refused_half_way(load: Loader) -> None:
    load(content())
    city.change("unit", "lifts", renamed("Лифты (демо)"), first=date(2025, 1, 1), actor=BY)
    with pytest.raises(Refusal):
        city.merge("unit", ["parks", "lifts"], "hall", first=date(2024, 1, 1), actor=BY)
    assert city.unit("parks", on=DAY).code == "parks"
    with pytest.raises(Refusal) as refused:
        city.merge("unit", [], "hall", first=DAY, actor=BY)
    assert refused.value.code == "nothing_to_merge"
