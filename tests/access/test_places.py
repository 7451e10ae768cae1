"""Units, territories and the calendar on their pages: dated changes, refusals at their place, and who may."""

from datetime import date, timedelta

import pytest
from django.test import Client

from shaar.access import api as access
from shaar.access.models import Grant, Role
from shaar.city import api as city
from shaar.kernel.clock import today
from tests.access.conftest import PACK, People
from tests.access.test_pages import sign_in

DAY = timedelta(days=1)
UNITS = "/staff/city/units/"
NEW = {"code": "sweepers", "kind": "enterprise", "name_ru": "Уборщики (демо)", "parent": "hall"}


@pytest.fixture
def keeper(person: People, client: Client) -> access.Actor:
    """Return who looks after the whole city, and has signed in."""
    Grant.objects.create(role=Role.objects.create(code="keeper", name_ru="keeper"), verb="city.admin")
    made = person("keeper", "keeper")
    sign_in(client, "keeper")
    return made


def test_a_unit_is_added_renamed_and_ended_and_its_past_stays(client: Client, keeper: access.Actor) -> None:
    first = date(2024, 1, 1)
    assert client.post(f"{UNITS}new/", NEW | {"first": str(first)}).headers["Location"] == f"{UNITS}sweepers/"
    change = {key: value for key, value in NEW.items() if key != "code"} | {"name_ru": "Чистый город (демо)"}
    client.post(f"{UNITS}sweepers/", change | {"first": "2025-01-01"})
    assert city.unit("sweepers", on=date(2024, 12, 31)).name.ru == "Уборщики (демо)"
    assert city.unit("sweepers", on=date(2025, 1, 1)).name.ru == "Чистый город (демо)"
    page = client.get(f"{UNITS}sweepers/").content.decode()
    assert "Уборщики (демо)" in page
    assert "01.01.2024 – 31.12.2024" in page
    client.post(f"{UNITS}sweepers/end/", {"last": "2026-06-30"})
    assert "sweepers" not in [unit.code for unit in city.units(on=date(2026, 7, 1))]
    assert city.unit("sweepers", on=date(2026, 6, 30)).code == "sweepers"
    assert "Переименовать" not in client.get(f"{UNITS}sweepers/").content.decode()
    assert "sweepers" in client.get(f"{UNITS}?on=2025-05-05").content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"code": "hall"}, "code", "навсегда"),
        ({"code": "Не код"}, "code", "латинские"),
        ({"name_ru": ""}, "name_ru", "Введите название"),
        ({"first": ""}, "first", "Введите день"),
        ({"first": "31.02.2024"}, "first", "Введите день"),
        ({"parent": "nowhere"}, "parent", ""),
        ({"kind": "nothing"}, "kind", ""),
    ],
)
def test_bad_input_is_told_at_its_place_and_what_was_typed_stays(
    client: Client, keeper: access.Actor, changes: dict[str, str], field: str, text: str
) -> None:
    given = NEW | {"first": "2024-01-01", "short_ru": "набрано"} | changes
    page = client.post(f"{UNITS}new/", given).content.decode()
    assert f'id="id_{field}-error"' in page
    assert text in page
    assert 'value="набрано"' in page


def test_what_would_break_history_is_refused_beside_its_day(client: Client, keeper: access.Actor) -> None:
    client.post(f"{UNITS}new/", NEW | {"first": "2024-01-01"})
    change = {"kind": "enterprise", "name_ru": "Другое (демо)", "parent": "hall", "first": "2023-01-01"}
    page = client.post(f"{UNITS}sweepers/", change).content.decode()
    assert 'id="id_first-error"' in page
    assert "до последнего изменения" in page
    assert "Другое (демо)" in page
    same = {"kind": "enterprise", "name_ru": NEW["name_ru"], "parent": "hall", "first": "2025-01-01"}
    assert "Ничего не изменено" in client.post(f"{UNITS}sweepers/", same).content.decode()
    page = client.post(f"{UNITS}sweepers/end/", {"last": "2023-01-01"}).content.decode()
    assert 'id="id_last-error"' in page
    page = client.post(f"{UNITS}lifts/end/", {"last": str(today())}).content.decode()
    assert "ещё входит: workshop" in page
    circle = {"kind": "department", "name_ru": "lifts", "parent": "workshop", "first": str(today())}
    assert 'id="id_parent-error"' in client.post(f"{UNITS}lifts/", circle).content.decode()


def test_a_merged_unit_hands_over_what_stands_under_it_and_its_name(
    client: Client, keeper: access.Actor
) -> None:
    day = date(2025, 3, 1)
    page = client.post(f"{UNITS}lifts/merge/", {"into": "workshop", "since": str(day)}).content.decode()
    assert 'id="id_into-error"' in page  # the other stands under it
    response = client.post(f"{UNITS}lifts/merge/", {"into": "parks", "since": str(day)})
    assert response.headers["Location"] == f"{UNITS}lifts/"
    assert city.unit("workshop", on=day).parent == "parks"
    assert city.unit("workshop", on=day - DAY).parent == "lifts"
    assert city.find_unit("lifts", on=day).code == "parks"
    assert "lifts" not in [unit.code for unit in city.units(on=day)]


def test_a_territory_is_looked_after_in_the_same_way(client: Client, keeper: access.Actor) -> None:
    given = {"code": "east", "kind": "district", "name_ru": "Восточный (демо)", "parent": "town"}
    client.post("/staff/city/territories/new/", given | {"first": "2024-01-01"})
    assert city.territory("east", on=today()).parent == "town"
    assert "Восточный (демо)" in client.get("/staff/city/territories/?q=восточ").content.decode()
    assert client.get("/staff/city/territories/nowhere/").status_code == 404


def test_who_looks_after_some_units_changes_those_only(
    client: Client, keeper: access.Actor, person: People
) -> None:
    person("bounded")
    access.assign_role("bounded", "keeper", unit="lifts", actor=PACK)
    other = Client()
    sign_in(other, "bounded")
    change = {"kind": "department", "name_ru": "Новое (демо)", "parent": "hall", "first": str(today())}
    assert other.post(f"{UNITS}parks/", change).status_code == 403
    assert other.post(f"{UNITS}parks/end/", {"last": str(today())}).status_code == 403
    assert other.post(f"{UNITS}new/", NEW | {"first": str(today())}).status_code == 403
    assert other.post(f"{UNITS}new/", NEW | {"first": str(today()), "parent": "lifts"}).status_code == 302
    assert other.post(f"{UNITS}workshop/", change | {"parent": "lifts"}).status_code == 302
    assert other.post("/staff/city/calendar/", {"day": "2026-03-09", "name_ru": "x"}).status_code == 403
    person("nobody", "auditor")
    sign_in(other, "nobody")
    other.post("/sign-out/")
    sign_in(other, "nobody")
    assert other.get(UNITS).status_code == 403


# The calendar ----------------------------------------------------------------------------------------------
def test_days_and_holidays_of_the_calendar_are_set_and_taken_back(
    client: Client, keeper: access.Actor
) -> None:
    way = "/staff/city/calendar/"
    client.post(way, {"day": "2026-03-09", "name_ru": "Перенос (демо)", "like_weekday": ""})
    client.post(way, {"day": "2026-03-14", "name_ru": "Рабочая суббота (демо)", "like_weekday": "1"})
    (off, worked) = city.calendar.days_of(2026)
    assert (off.like_weekday, worked.like_weekday) == (None, 1)
    assert "Рабочая суббота (демо)" in client.get(f"{way}?year=2026").content.decode()
    client.post(f"{way}days/2026-03-14/")
    assert [view.day for view in city.calendar.days_of(2026)] == [date(2026, 3, 9)]
    page = client.post(way, {"day": "31.02.2026", "name_ru": ""}).content.decode()
    assert 'id="id_day-error"' in page
    assert 'id="id_name_ru-error"' in page
    assert 'value="31.02.2026"' in page
    holiday = {"month": "2", "day": "30", "name_ru": "День (демо)"}
    page = client.post(f"{way}holidays/new/", holiday).content.decode()
    assert "Такого дня в году нет" in page
    client.post(f"{way}holidays/new/", holiday | {"day": "23"})
    assert "уже праздник" in client.post(f"{way}holidays/new/", holiday | {"day": "23"}).content.decode()
    (held,) = city.calendar.holidays()
    client.post(f"{way}holidays/{held.id}/")
    assert city.calendar.holidays()[0].last == today()
    assert client.get(f"{way}?year=nonsense").status_code == 200
