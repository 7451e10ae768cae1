"""Units and territories on a day: views, subtrees, names, ids, and what the database itself refuses."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from shaar.city import api as city
from shaar.city import models, rules
from shaar.kernel.errors import Refusal
from tests.city.conftest import Loader, content

DAY = date(2022, 6, 1)


@pytest.fixture
def loaded(load: Loader) -> None:
    load(content(), on=date(2022, 1, 1))


def test_a_subtree_holds_the_unit_itself_and_all_under_it(loaded: None) -> None:
    assert city.unit_subtree("hall", on=DAY) == {"hall", "lifts", "parks"}
    assert city.territory_subtree("north", on=DAY) == {"north"}


def test_a_subtree_follows_the_parents_of_its_day(load: Loader) -> None:
    pack = content()
    pack["units"][2]["versions"] = [
        {"valid_to": "2021-12-31"},
        {"valid_from": "2022-01-01", "parent": "lifts"},
    ]
    load(pack)
    assert city.unit_subtree("lifts", on=date(2021, 12, 31)) == {"lifts"}
    assert city.unit_subtree("lifts", on=date(2022, 1, 1)) == {"lifts", "parks"}


def test_units_come_by_name_and_by_kind(loaded: None) -> None:
    assert [unit.code for unit in city.units(on=DAY)] == ["lifts", "parks", "hall"]
    assert [unit.code for unit in city.units(on=DAY, kind="department", under="hall")] == ["parks"]


@pytest.mark.parametrize(
    "text", ["Бишкекгорлифт", "  бишкекгорлифт ", "МП Горлифт", "Көтөргүч", "которгуч", "МП  «ГОРЛИФТ»"]
)
def test_a_unit_is_found_however_its_name_is_typed(loaded: None, text: str) -> None:
    assert city.find_unit(text, on=DAY).code == "lifts"


def test_a_name_of_another_language_is_not_found_where_one_is_asked(loaded: None) -> None:
    assert city.find_unit("Бишкекшаарлифт", on=DAY, lang="ky").code == "lifts"
    with pytest.raises(Refusal):
        city.find_unit("Бишкекшаарлифт", on=DAY, lang="ru")


def test_two_units_of_one_name_are_not_guessed_between(load: Loader) -> None:
    pack = content()
    pack["units"][2]["aliases"] = {"ru": ["МП Горлифт"]}
    load(pack)
    with pytest.raises(Refusal) as refused:
        city.find_unit("МП «Горлифт»", on=DAY)
    assert refused.value.code == "ambiguous_unit"


def test_search_finds_a_part_of_a_name(loaded: None) -> None:
    assert [unit.code for unit in city.search_units("зелен", on=DAY)] == ["parks"]
    assert [one.code for one in city.search_territories("СЕВЕР", on=DAY)] == ["north"]
    assert city.search_units(" ", on=DAY) == []


def test_codes_and_ids_lead_to_each_other(loaded: None) -> None:
    ids = city.unit_ids(["hall", "lifts"])
    assert city.unit_codes(ids.values()) == {number: code for code, number in ids.items()}
    with pytest.raises(Refusal) as refused:
        city.territory_ids(["north", "atlantis"])
    assert refused.value.code == "unknown_territory"
    assert "atlantis" in str(refused.value)


def test_codes_are_read_once_while_nothing_changes(
    loaded: None, django_assert_num_queries: Callable[[int], Any]
) -> None:
    city.unit_ids(["hall"])
    with django_assert_num_queries(1):
        city.unit_ids(["hall", "parks"])


def test_a_change_by_raw_sql_is_seen_at_once(loaded: None) -> None:
    assert city.unit("parks", on=DAY).name.ru == "Зелёное хозяйство"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE city_unitversion SET name_ru = 'Парки' WHERE name_ru = 'Зелёное хозяйство'")
    assert city.unit("parks", on=DAY).name.ru == "Парки"


def test_a_change_that_was_rolled_back_leaves_nothing_in_memory(loaded: None) -> None:
    before = city.unit("parks", on=DAY)
    with transaction.atomic():
        models.UnitVersion.objects.filter(unit__code="parks").update(name_ru="Парки")
        assert city.unit("parks", on=DAY).name.ru == "Парки"
        transaction.set_rollback(True)
    assert city.unit("parks", on=DAY) == before


def test_kyrgyz_letters_sort_after_their_russian_neighbours() -> None:
    names = ["Өзгөн", "Пишпек", "Озон", "Үчкун", "Ущелье", "Ңа", "Ня", "Ёлка", "Ель", "Жар"]
    wanted = ["Ель", "Ёлка", "Жар", "Ня", "Ңа", "Озон", "Өзгөн", "Пишпек", "Ущелье", "Үчкун"]
    assert sorted(names, key=city.sort_key) == wanted


@pytest.mark.django_db
def test_the_database_sorts_like_the_program() -> None:
    names = ["Өзгөн", "Озон 2", "озон", "Z", "№ 5", "Ңа", "Ёлка", "ель", "Жар-Башы", "а б", "аб"]
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT name FROM unnest(%s::text[]) AS name ORDER BY city_sort_key(name) COLLATE "C"', [names]
        )
        assert [name for (name,) in cursor.fetchall()] == sorted(names, key=city.sort_key)


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 9)))
def test_descendants_end_whatever_the_parents_are(parents: dict[int, int]) -> None:
    children = {str(k): [str(c) for c, p in parents.items() if p == k] for k in range(10)}
    found = rules.descendants("0", lambda code: children[code])
    assert "0" in found
    assert all(set(children[code]) <= found for code in found)


# What the database refuses ----------------------------------------------------------------------------------
def version(**values: Any) -> models.UnitVersion:
    unit = models.Unit.objects.get(code="hall")
    given = {"unit": unit, "kind": "department", "name_ru": "Имя", "valid": DateRange(None, None), **values}
    return models.UnitVersion.objects.create(**given)


@pytest.mark.parametrize(
    ("violate", "constraint"),
    [
        (version, "unitversion_has_one_version_a_day"),
        (lambda: version(valid=DateRange(DAY, DAY)), "unitversion_is_valid_some_day"),
        (lambda: version(name_ru=""), "unitversion_is_named_in_russian"),
        (
            lambda: version(parent=models.Unit.objects.get(code="hall")),
            "unitversion_is_not_its_own_parent",
        ),
        (
            lambda: models.Alias.objects.create(language="ru", text="x", valid=DateRange(None, None)),
            "alias_names_a_unit_or_a_territory",
        ),
        (
            lambda: models.WorkingHours.objects.create(
                weekday=1, minutes=(600, 660), valid=DateRange(DAY, None)
            ),
            "workinghours_do_not_overlap",
        ),
        (
            lambda: models.WorkingHours.objects.create(weekday=8, minutes=(0, 9), valid=DateRange(DAY, None)),
            "workinghours_weekday_exists",
        ),
        (
            lambda: models.CalendarDay.objects.create(day=DAY, is_working=True, name_ru="x"),
            "calendarday_working_one_has_hours",
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(
    loaded: None, violate: Callable[[], object], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        violate()
