"""The pack's passports are checked as a whole and loaded with their history."""

from pathlib import Path

import pytest
import yaml
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from django.utils.translation import override

from shaar.access.api import Actor, system_actor
from shaar.indicators import api, catalogue
from shaar.indicators.models import Answer, Indicator, PassportVersion
from shaar.indicators.pack import check
from shaar.kernel.errors import Refusal, Refusals
from tests.indicators.grounds import PACK

GOOD = {
    "sections.yaml": {"sections": [{"code": "one", "direction": 1, "name": {"ru": "Первый"}}]},
    "units-of-measure.yaml": {
        "units": [
            {"code": "piece", "symbol": {"ru": "шт."}, "dimension": "count"},
            {"code": "km", "symbol": {"ru": "км"}, "dimension": "length", "factor": 1000},
        ]
    },
    "objects.yaml": {"objects": [{"code": "lamp", "name": {"ru": "лампа"}}], "actions": []},
    "rules.yaml": {"rules": [{"rule": "parts_total", "severity": "error"}]},
    "units.yaml": {"units": [{"code": "hall"}]},
}


def passport(code: str, **rest: object) -> dict[str, object]:
    return {
        "code": code,
        "name": {"ru": code},
        "section": "one",
        "measure": "piece",
        "kind": "flow",
        "source": {"fact": "programme.figure_reported.v1", "where": {"figure": code}},
        "owner": "hall",
        **rest,
    }


def write(pack: Path, *passports: dict[str, object], **files: object) -> Path:
    """Write a small pack; every field of a passport stands on a line of its own."""
    (pack / "indicators").mkdir(parents=True, exist_ok=True)
    for name, content in {**GOOD, **files}.items():
        (pack / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    text = yaml.safe_dump({"indicators": list(passports)}, allow_unicode=True, sort_keys=False)
    (pack / "indicators" / "01.yaml").write_text(text, encoding="utf-8")
    return pack


def line_of(pack: Path, words: str) -> int:
    lines = (pack / "indicators" / "01.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_the_pack_of_bishkek_is_right_about_indicators() -> None:
    assert [line for line in check(PACK) if "itemised_total" not in line] == []


def test_every_mistake_is_told_at_once_with_file_line_and_field(tmp_path: Path) -> None:
    pack = write(
        tmp_path,
        passport("a", section="nowhere", measure="inch", owner="nobody", object="thing", plan="gone"),
        passport("b", row="A01", kind="formula", source={"formula": "a + (c"}),
        passport("c", row="A01", kind="formula", source={"formula": "unknown_code * 2"}, expected="a +"),
        passport("c"),
        passport("e", parts={"complete": ["f", "missing"]}),
        passport("f", measure="km", kind="ratio", source={"fact": "x.y.v1", "take": "sum"}),
    )
    with override("en"):
        told = "\n".join(check(pack))
    for words in (
        "section: “nowhere”",
        "measure: “inch”",
        "owner: “nobody”",
        "object: “thing”",
        "plan: “gone”",
        "column 7",
        "“unknown_code”",
        "indicators[2].expected",
        "indicators[2].row: “A01” stands twice",
        "indicators[3].code: “c” stands twice",
        "parts.complete[1]: “missing”",
        "“f” is measured in km",
        "take last",
    ):
        assert words in told, words
    assert f"01.yaml:{line_of(pack, 'section: nowhere')} indicators[0].section" in told


def test_cycles_of_formulas_and_of_parts_are_found(tmp_path: Path) -> None:
    pack = write(
        tmp_path,
        passport("a", kind="formula", source={"formula": "b + 1"}),
        passport("b", kind="formula", source={"formula": "c * 2"}),
        passport("c", kind="formula", source={"formula": "a"}),
        passport("d", parts={"complete": ["e"]}),
        passport("e", parts={"covers": ["d"]}),
    )
    told = list(check(pack))
    assert len(told) == 2
    assert "a → b → c → a" in told[0]
    assert "d → e → d" in told[1]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kind", "heap", "kind"),
        ("colour", "red", "colour"),
        ("code", "Not A Code", "code"),
        ("precision", -1, "precision"),
        ("source", {"fact": "x.y.v1", "formula": "a"}, "either a fact type or a formula"),
        ("calendar", {"every": "fortnight"}, "calendar.every"),
    ],
)
def test_a_field_that_is_wrong_in_itself_is_told(
    tmp_path: Path, field: str, value: object, words: str
) -> None:
    pack = write(
        tmp_path, passport("a", **{field: value}) if field != "code" else {**passport("a"), "code": value}
    )
    (told,) = check(pack)
    assert words in told
    assert "01.yaml:" in told


def test_missing_files_are_told(tmp_path: Path) -> None:
    told = "\n".join(check(tmp_path))
    for name in ("sections.yaml", "units-of-measure.yaml", "objects.yaml", "rules.yaml"):
        assert name in told


def test_a_rule_that_nobody_knows_is_told(tmp_path: Path) -> None:
    pack = write(tmp_path, passport("a"), **{"rules.yaml": {"rules": [{"rule": "magic"}]}})
    assert ["magic" in line for line in check(pack)] == [True]


@pytest.fixture
def _fresh(db: None) -> None:
    catalogue.forget()


@pytest.mark.usefixtures("_fresh")
def test_loading_again_changes_nothing_and_a_change_makes_a_version(tmp_path: Path) -> None:
    api.load_pack(write(tmp_path, passport("a"), passport("b")), actor="pack")
    api.load_pack(tmp_path, actor="pack")
    assert PassportVersion.objects.count() == 2
    api.load_pack(write(tmp_path, passport("a", name={"ru": "Лампы"}), passport("b")), actor="pack")
    assert (api.passport("a").version, api.passport("a").name.ru) == (2, "Лампы")
    assert catalogue.passport_version("a", 1).name.ru == "a"
    assert api.passport("b").version == 1


@pytest.mark.usefixtures("_fresh")
def test_a_passport_that_left_the_pack_is_kept_but_not_current(tmp_path: Path) -> None:
    api.load_pack(write(tmp_path, passport("a"), passport("b")), actor="pack")
    api.load_pack(write(tmp_path, passport("a")), actor="pack")
    assert [one.code for one in api.passports()] == ["a"]
    with pytest.raises(Refusal):
        api.passport("b")
    assert catalogue.passport_version("b", 1).code == "b"
    api.load_pack(write(tmp_path, passport("a"), passport("b")), actor="pack")
    assert api.passport("b").version == 2


@pytest.mark.usefixtures("_fresh")
def test_a_broken_pack_changes_nothing(tmp_path: Path) -> None:
    api.load_pack(write(tmp_path, passport("a")), actor="pack")
    with pytest.raises(Refusals) as told:
        api.load_pack(write(tmp_path, passport("b"), passport("c", section="x", measure="y")), actor="pack")
    assert len(told.value.problems) == 2
    assert [one.code for one in api.passports()] == ["a"]


@pytest.mark.usefixtures("_fresh")
def test_bishkek_loads_with_its_hundred_and_eight_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    from shaar.indicators.rules import registry

    monkeypatch.setitem(registry._rules, "itemised_total", lambda _context: ())
    api.load_pack(PACK, actor="pack")
    assert len({one.row for one in api.passports() if one.row}) == 108
    assert api.measure("camera").symbol.ru
    assert {one.direction for one in api.sections()} == {0, 1, 2, 3, 4, 5, 6}


@pytest.mark.usefixtures("_fresh")
def test_reading_the_catalogue_again_takes_one_query(
    tmp_path: Path, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    api.load_pack(write(tmp_path, passport("a")), actor="pack")
    api.passports()
    with django_assert_num_queries(1):  # type: ignore[operator]
        api.passports()


@pytest.mark.usefixtures("_fresh")
def test_passports_and_answers_cannot_be_rewritten(tmp_path: Path) -> None:
    api.load_pack(write(tmp_path, passport("a")), actor="pack")
    api.answer_finding("parts_total|2022|a", actor=system_actor("test"), at=timezone.now(), text="Так и есть")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE indicators_answer SET text = 'x'",
        "DELETE FROM indicators_answer",
        "TRUNCATE indicators_answer",
        "UPDATE indicators_passportversion SET digest = 'x'",
        "DELETE FROM indicators_passportversion",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.usefixtures("_fresh")
def test_one_version_is_current() -> None:
    one = Indicator.objects.create(code="a")
    kept = {"document": {}, "digest": "", "recorded_at": timezone.now(), "recorded_by": "x"}
    PassportVersion.objects.create(indicator=one, number=1, **kept)
    with pytest.raises(IntegrityError, match="indicators_passport_one_current"):
        PassportVersion.objects.create(indicator=one, number=2, **kept)


@pytest.mark.usefixtures("_fresh")
def test_an_answer_needs_words_and_a_person_who_may() -> None:
    with pytest.raises(Refusal) as told:
        api.answer_finding("k", actor=system_actor("test"), at=timezone.now(), text="  ")
    assert told.value.code == "answer_empty"
    with pytest.raises(Refusal) as told:
        api.answer_finding("k", actor=Actor(None, "", "user"), at=timezone.now(), text="Да")
    assert told.value.code == "forbidden"
    assert Answer.objects.count() == 0
