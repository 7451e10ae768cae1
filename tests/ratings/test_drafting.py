"""A regulation is brought as a file: mistakes are named by line, what changes is shown, nothing is lost."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shaar.access import api as access
from shaar.access.models import User
from shaar.kernel.errors import Refusals
from shaar.ratings import drafting
from shaar.ratings.models import Regulation
from tests.ratings.conftest import Rated

pytestmark = pytest.mark.django_db
PAGE = "/staff/ratings/regulations/new/"


@pytest.fixture
def be() -> Callable[[str], Client]:
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=name), backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return signed_in


def named(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("положение.yaml", text.encode())


@pytest.fixture
def text(regulation: Regulation) -> str:
    return drafting.as_file(regulation.declared)


def problems(text: str) -> dict[str, tuple[str, int]]:
    with pytest.raises(Refusals) as told:
        drafting.read(text.encode())
    found = told.value.problems
    assert all(one.place is not None and one.place.file is None for one in found), "no path of the machine"
    return {one.code: (one.place.field or "", one.place.line or 0) for one in found if one.place}


def test_a_version_can_be_taken_as_a_file_and_brought_back_the_same(
    regulation: Regulation, text: str
) -> None:
    assert drafting.read(text.encode()) == regulation.declared


@pytest.mark.parametrize(
    ("was", "now", "code", "field"),
    [
        ("weight: 40\n", "weight: 41\n", "weights_not_100", "groups"),
        ("weight: 40\n", "weight: .nan\n", "pack_finite_number", "weight"),
        ("- tazalyk\n", "- no-such-unit\n", "unknown_unit", "groups"),
        ("valid_from: 2022-01-01", "valid_from: soon", "pack_date_from_datetime_parsing", "valid_from"),
        ("objection_days: 5", "objection_day: 5", "pack_extra_forbidden", "objection_day"),
    ],
)
def test_what_is_wrong_is_named_by_its_line_and_field(
    text: str, was: str, now: str, code: str, field: str
) -> None:
    assert was in text
    wrong = text.replace(was, now, 1)
    found = problems(wrong)
    assert field in found[code][0]
    line = wrong.splitlines()[found[code][1] - 1]
    assert line.strip()
    assert Regulation.objects.count() == 1


def test_a_file_that_is_no_yaml_or_too_large_is_refused_in_one_line(regulation: Regulation) -> None:
    for content, code in ((b"a: [", "broken_yaml"), (b"\xff\xfe", "not_utf8")):
        with pytest.raises(Refusals) as told:
            drafting.read(content)
        assert [one.code for one in told.value.problems] == [code]


def test_changes_are_told_field_by_field_by_the_codes_of_groups_and_criteria(
    regulation: Regulation, text: str
) -> None:
    other = drafting.read(text.replace("objection_days: 5", "objection_days: 7").encode())
    (change,) = drafting.changes(regulation.declared, other)
    assert (change.field, change.was, change.now) == ("objection_days", "5", "7")
    heavier = text.replace("weight: 20\n", "weight: 25\n", 1)
    fields = [one.field for one in drafting.changes(regulation.declared, drafting.read(heavier.encode()))]
    assert fields == ["groups[administrations].judged.weight"]


def test_the_office_brings_a_changed_regulation_in_and_a_round_keeps_its_own(
    rated: Rated, text: str, be: Callable[[str], Client]
) -> None:
    client = be("office")
    changed = text.replace("objection_days: 5", "objection_days: 7")
    preview = client.post(PAGE, {"file": named(changed)})
    page = preview.content.decode()
    assert "<code>objection_days</code>" in page
    assert "<del>5</del>" in page
    assert Regulation.objects.count() == 1, "a preview keeps nothing"
    kept = client.post(PAGE, {"text": changed, "keep": "1"}, follow=True)
    assert kept.status_code == 200
    newest = drafting.newest_of("example")
    assert newest is not None
    assert (newest.version, newest.declared.objection_days) == (2, 7)
    assert newest.loaded_by == access.user_actor("office").key
    assert "objection_days" in kept.content.decode(), "the page tells what the version changed"
    again = client.post(PAGE, {"text": changed, "keep": "1"})
    assert "govuk-error-summary" in again.content.decode()
    assert Regulation.objects.count() == 2
    round_page = client.get(f"/staff/ratings/rounds/{rated.number}/")
    assert round_page.status_code == 200


@pytest.mark.usefixtures("rated")
def test_mistakes_stand_at_the_file_and_in_the_summary(text: str, be: Callable[[str], Client]) -> None:
    answer = be("office").post(PAGE, {"file": named(text.replace("weight: 20\n", "weight: 200\n", 1))})
    page = answer.content.decode()
    assert 'id="id_file-error"' in page
    assert page.count("Строка ") >= 2
    assert "/tmp" not in page
    empty = be("office").post(PAGE, {})
    assert "Выберите файл." in empty.content.decode()


@pytest.mark.usefixtures("rated")
def test_who_may_not_regulate_is_refused(
    regulation: Regulation, text: str, be: Callable[[str], Client]
) -> None:
    for name in ("mayor", "head"):
        assert be(name).post(PAGE, {"text": text, "keep": "1"}).status_code == 403
    assert be("mayor").get(f"/staff/ratings/regulations/{regulation.pk}/file/").status_code == 200
