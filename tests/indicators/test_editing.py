"""A role holder changes passports and rules on their pages; the pack and the history keep their word."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shaar.access.models import User
from shaar.indicators import api, catalogue, editing
from shaar.indicators.models import PackDocument, PassportVersion
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from tests.programme.conftest import People, bishkek, pack, people

__all__ = ["bishkek", "pack", "people"]
pytestmark = pytest.mark.django_db
CODE = "lighting.led_total"
PAGE = f"/staff/passports/{CODE}/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    catalogue.forget()
    yield
    catalogue.forget()


@pytest.fixture
def office(client: Client, people: People) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    client.force_login(User.objects.get(username="office"), backend=BACKEND)
    return client


def filled(client: Client, address: str, **changes: str) -> dict[str, str]:
    """Return what the form of a page would send, with some controls changed."""
    form = client.get(address).context["form"]
    shown = {name: "" if form[name].value() is None else str(form[name].value()) for name in form.fields}
    return {**shown, "reason": "Уточнено по письму", **changes}


def test_a_changed_name_is_shown_everywhere_and_the_history_tells_why(office: Client) -> None:
    answer = office.post(PAGE, filled(office, PAGE, name_ru="Светильники всего", precision="0"), follow=True)
    assert "Паспорт изменён" in answer.content.decode()
    assert api.passport(CODE).name.ru == "Светильники всего"
    assert "Светильники всего" in office.get(f"/indicators/{CODE}/").content.decode()
    page = office.get(PAGE).content.decode()
    assert "Уточнено по письму" in page
    assert "<ins>Светильники всего</ins>" in page
    version = PassportVersion.objects.get(indicator__code=CODE, is_current=True)
    assert (version.number, version.origin, version.reason) == (2, "page", "Уточнено по письму")


@pytest.mark.parametrize(
    ("changes", "control", "message"),
    [
        ({"name_ru": ""}, "name_ru", "Обязательное поле"),
        ({"reason": ""}, "reason", "Обязательное поле"),
        ({"precision": "99"}, "precision", "12"),
        ({"expected": "1 +"}, "expected", ""),
        ({"expected": '"nothing.at_all" + 1'}, "expected", ""),
        ({"owner": "no-such-unit"}, "owner", ""),
        ({"note_ky": "Эскертүү"}, "note_ru", ""),
    ],
)
def test_a_mistake_is_told_at_its_control_and_changes_nothing(
    office: Client, changes: dict[str, str], control: str, message: str
) -> None:
    answer = office.post(PAGE, filled(office, PAGE, **changes))
    form = answer.context["form"]
    assert list(form.errors) == [control]
    assert message in str(form.errors)
    assert form[control].value() == changes.get(control, form[control].value())
    assert f'href="#id_{control}"' in answer.content.decode()
    assert PassportVersion.objects.filter(indicator__code=CODE).count() == 1


def test_a_formula_that_leads_back_to_itself_is_refused(people: People) -> None:
    def circular(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "kind": "formula", "source": {"formula": f"{CODE} + 1"}}

    with pytest.raises(Refusal) as refused:
        editing.change_passport(CODE, circular, reason="x", actor=people.office, at=clock.now())
    assert [(one.code, one.place.field) for one in refused.value.problems if one.place] == [
        ("cycle", "source.formula")
    ]
    assert PassportVersion.objects.filter(indicator__code=CODE).count() == 1


def test_the_same_again_is_told_and_not_written(office: Client) -> None:
    answer = office.post(PAGE, filled(office, PAGE))
    assert "Ничего не изменено" in answer.content.decode()


def test_the_pack_loaded_again_leaves_what_was_changed_until_it_says_something_new(
    office: Client, pack: Path, tmp_path: Path
) -> None:
    office.post(PAGE, filled(office, PAGE, name_ru="Светильники всего"))
    api.load_pack(pack, actor="pack")
    assert api.passport(CODE).name.ru == "Светильники всего"
    copy = tmp_path / "pack"
    shutil.copytree(pack, copy)
    for file in (copy / "indicators").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        start = text.find(f"code: {CODE}\n")
        if start >= 0:
            place = text.index("ru: ", start)
            end = text.index("\n", place)
            file.write_text(f'{text[:place]}ru: "Новое имя пакета"{text[end:]}', encoding="utf-8")
    api.load_pack(copy, actor="pack")
    assert api.passport(CODE).name.ru == "Новое имя пакета"


def test_a_rule_is_made_severer_and_left_out_for_an_indicator(office: Client) -> None:
    address = "/staff/rules/"
    answer = office.post(
        address, filled(office, address, severity_inexact="error", except_inexact=CODE), follow=True
    )
    assert "Правила изменены" in answer.content.decode()
    setting = next(one for one in catalogue.catalogue().rules if one.rule == "inexact")
    assert (setting.severity, setting.except_) == ("error", frozenset({CODE}))
    wrong = office.post(address, filled(office, address, except_alike="nothing.at_all"))
    assert list(wrong.context["form"].errors) == ["except_alike"]
    assert PackDocument.objects.filter(name="rules.yaml").count() == 2


@pytest.mark.parametrize("address", ["/staff/passports/", PAGE, "/staff/rules/"])
def test_others_may_not(client: Client, people: People, address: str) -> None:
    assert client.get(address).status_code == 302
    client.force_login(User.objects.get(username="reporter"), backend=BACKEND)
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "x"}).status_code in {403, 405}


def test_an_unknown_passport_is_not_found(office: Client) -> None:
    assert office.get("/staff/passports/nothing.at_all/").status_code == 404
