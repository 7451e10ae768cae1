"""Every control takes what people type, refuses what is wrong at its place, and keeps what was typed."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from shaar.kernel.periods import Period
from shaar.ui.forms import (
    DateField,
    DateRange,
    DateRangeField,
    LookupField,
    NumberField,
    PeriodField,
    PersonField,
    PersonName,
    PhoneField,
    fold,
)
from shaar.ui.samples import ControlsForm, streets
from tests.conftest import StrictClient

RIGHT: dict[str, object] = {
    "name": "Не горит фонарь", "remark": "Третий день", "amount": "1 234,5",
    "born_0": "27", "born_1": "3", "born_2": "1985",
    "leave_0_0": "1", "leave_0_1": "7", "leave_0_2": "2022",
    "leave_1_0": "14", "leave_1_1": "7", "leave_1_2": "2022",
    "period_0": "Q3", "period_1": "2022", "district": "d1", "way": "sms", "topics": ["light", "park"],
    "agreed": "on", "password": "long-enough-2023", "phone": "0555 123-456",
    "person_0": "Усубалиев", "person_1": "Азамат", "person_2": "",
    "unit": "unit-3", "street": "улица 7 (демо)",
}  # fmt: skip
# For each control: what is sent instead, what is said beside it, and what must still stand on the page.
WRONG: dict[str, tuple[dict[str, object], str, str]] = {
    "name": ({"name": "ы" * 61}, "символ", f'value="{"ы" * 61}"'),
    "remark": ({"remark": "о" * 201}, "символ", "о" * 201),
    "amount": ({"amount": "сто"}, "число", 'value="сто"'),
    "born": ({"born_0": "31", "born_1": "2"}, "Такого дня нет в календаре.", 'value="31"'),
    "leave": ({"leave_1_2": "2021"}, "Последний день раньше первого.", 'value="2021"'),
    "period": ({"period_1": "22"}, "Напишите год четырьмя цифрами.", 'value="22"'),
    "district": ({"district": "d9"}, "нет среди допустимых", ""),
    "way": ({"way": ""}, "Обязательное поле.", ""),
    "topics": ({"topics": ["d9", "light"]}, "нет среди допустимых", 'value="light" checked'),
    "agreed": ({"agreed": ""}, "Обязательное поле.", ""),
    "file": ({"file": ""}, "Обязательное поле.", ""),
    "password": ({"password": "short"}, "символ", ""),
    "phone": ({"phone": "12-34"}, "Напишите телефон так", 'value="12-34"'),
    "person": ({"person_1": ""}, "Напишите фамилию и имя.", 'value="Усубалиев"'),
    "unit": ({"unit": "nobody"}, "нет среди допустимых", ""),
    "street": ({"street": "улица 7"}, "Напишите название полностью: Улица 7 (демо)", 'value="улица 7"'),
}
TARGETS = {
    "born": "born_0", "leave": "leave_0_0", "period": "period_0", "way": "way_0",
    "topics": "topics_0", "person": "person_0",
}  # fmt: skip


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("фото.png", b"\x89PNG", content_type="image/png")


@pytest.mark.django_db
@pytest.mark.parametrize("control", WRONG)
def test_a_refused_control_says_so_beside_itself_and_in_the_summary_and_keeps_what_was_typed(
    client: StrictClient, control: str
) -> None:
    changed, said, kept = WRONG[control]
    sent = RIGHT | ({} if control == "file" else {"file": picture()}) | changed
    page = client.post(
        "/ui/form/", {key: value for key, value in sent.items() if value != ""}
    ).content.decode()
    summary, _, form = page.partition('<form method="post" enctype')
    assert f'<a href="#id_{TARGETS.get(control, control)}">' in summary
    assert summary.count('<li><a href="#id_') == 1
    assert f'id="id_{TARGETS.get(control, control)}"' in form
    beside = form.partition(f'id="id_{control}-error"')[2].partition("</div>")[0]
    assert said in beside
    assert "aria-describedby" in form
    assert kept in form
    assert 'value="Не горит фонарь"' in form or control == "name"


@pytest.mark.django_db
def test_a_form_filled_in_right_is_taken(client: StrictClient) -> None:
    page = client.post("/ui/form/", RIGHT | {"file": picture()}).content.decode()
    assert "Всё заполнено верно" in page
    assert "long-enough-2023" not in page


def test_the_example_form_has_every_control_of_the_table_above() -> None:
    assert set(ControlsForm().fields) == set(WRONG)


@pytest.mark.parametrize(
    ("typed", "number"), [("1 234,5", "1234.5"), ("1\u00a0000\u202f000", "1000000"), ("-3", "-3"), ("", None)]
)
def test_a_number_is_read_as_people_write_it(typed: str, number: str | None) -> None:
    assert NumberField(required=False).clean(typed) == (Decimal(number) if number else None)


@pytest.mark.parametrize("typed", ["0555123456", "+996 555 123 456", "996(555)12-34-56", "555123456"])
def test_a_telephone_is_kept_in_one_form(typed: str) -> None:
    assert PhoneField().clean(typed) == "+996555123456"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["31", "2", "2022"], "no_day"),
        (["1", "", "2022"], "incomplete"),
        (["1", "1", "22"], "year"),
        (["x", "1", "2022"], "no_day"),
        (["", " ", ""], "required"),
        (["0", "0", "0000"], "no_day"),
    ],
)
def test_a_wrong_day_says_what_is_wrong(parts: list[str], code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DateField().clean(parts)
    assert caught.value.error_list[0].code == code


def test_days_and_ranges_are_read_from_controls_and_from_an_address() -> None:
    assert DateField().clean(["9", "5", "2022"]) == date(2022, 5, 9)
    widget = DateField().widget
    assert widget.value_from_datadict({"day": "2022-05-09"}, {}, "day") == ["09", "05", "2022"]
    week = DateRangeField().clean([["1", "7", "2022"], ["7", "7", "2022"]])
    assert week == DateRange(date(2022, 7, 1), date(2022, 7, 7))


@pytest.mark.parametrize("code", ["2022", "2022-H1", "2022-Q3", "2022-07"])
def test_a_period_goes_into_its_controls_and_comes_back(code: str) -> None:
    field = PeriodField()
    assert field.clean(field.widget.decompress(Period.parse(code))) == Period.parse(code)


def test_the_months_of_the_period_picker_are_in_the_language_of_the_page() -> None:
    with translation.override("ky"):
        assert "июль" in str(PeriodField().widget.render("p", None)).lower()
        assert "жарым жылдык" in str(PeriodField().widget.render("p", None))


def test_a_person_may_have_no_patronymic_but_no_digits() -> None:
    assert PersonField().clean(["Усубалиев", " Азамат ", ""]) == PersonName("Усубалиев", "Азамат")
    with pytest.raises(ValidationError):
        PersonField().clean(["Усубалиев2", "Азамат", ""])


def test_one_of_thousands_must_be_named_in_full_and_the_refusal_names_what_comes_near() -> None:
    field = LookupField(find=streets, url="/ui/streets/")
    assert field.clean("УЛИЦА 12 (демо)") == "street-12"
    with pytest.raises(ValidationError, match="Улица 12"):
        field.clean("улица 12")
    with pytest.raises(ValidationError):
        field.clean("проспект")


def test_pickers_find_kyrgyz_names_typed_without_kyrgyz_letters() -> None:
    assert fold("Бөлүмү Ёлка Жаңы") == "болуму елка жаны"
