"""One's own settings: what a person chooses, the confirmed address, sections of other modules, deputies."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail, signing
from django.test import Client

from shaar.access import api as access
from shaar.access import profile, settings_pages
from shaar.access.models import Deputy, User
from shaar.kernel.clock import today
from tests.access.conftest import People
from tests.access.test_pages import sign_in

SETTINGS = "/staff/settings/"
GIVEN = {"name": "Айгуль (демо)", "language": "ky", "theme": "dark", "email": "a@city.example", "phone": ""}


@pytest.fixture
def me(client: Client, person: People) -> access.Actor:
    """Return a person who has signed in."""
    made = person(role="reporter", unit="lifts")
    sign_in(client)
    return made


def link(run_jobs: Callable[[], int]) -> str:
    """Return the address of the link in the newest mail."""
    run_jobs()
    found = re.search(r"https?://[^/]+(/email/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_what_a_person_chooses_is_kept_and_shown_at_once(client: Client, me: access.Actor) -> None:
    response = client.post(SETTINGS, GIVEN | {"phone": "+996 312 000000"}, follow=True)
    page = response.content.decode()
    assert 'lang="ky"' in page
    assert 'data-theme="dark"' in page
    assert "Айгуль (демо)" in page
    assert me.id
    found = access.settings_of(me.id)
    assert (found.language, found.theme, found.phone) == ("ky", "dark", "+996 312 000000")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "nonsense"}, "email"),
        ({"phone": "x"}, "phone"),
        ({"theme": "x"}, "theme"),
    ],
)
def test_bad_input_is_told_at_its_place_and_what_was_typed_stays(
    client: Client, me: access.Actor, changes: dict[str, str], field: str
) -> None:
    page = client.post(SETTINGS, GIVEN | changes).content.decode()
    assert f'id="id_{field}-error"' in page
    for name in ("name", "email", "phone"):
        assert f'value="{(GIVEN | changes)[name]}"' in page or not (GIVEN | changes)[name]
    assert User.objects.get().display_name == "Name aigul"


def test_an_address_is_used_once_its_link_was_opened(
    client: Client, me: access.Actor, run_jobs: Callable[[], int]
) -> None:
    assert me.id
    client.post(SETTINGS, GIVEN)
    way = link(run_jobs)
    assert access.settings_of(me.id).email == ""
    assert mail.outbox[-1].to == ["a@city.example"]
    assert "шилтемени" in str(mail.outbox[-1].body)
    stranger = Client()
    assert stranger.get(way).status_code == 200
    assert access.settings_of(me.id).email == ""  # a mail program that opens links changes nothing
    stranger.post(way)
    assert access.settings_of(me.id).email == "a@city.example"
    assert stranger.get(way).status_code == 410


def test_an_old_a_replaced_and_a_forged_link_are_refused(
    client: Client, me: access.Actor, run_jobs: Callable[[], int]
) -> None:
    assert me.id
    client.post(SETTINGS, GIVEN)
    first = link(run_jobs)
    client.post(SETTINGS, GIVEN | {"email": "b@city.example"})
    second = link(run_jobs)
    assert Client().post(first).status_code == 410
    assert Client().post(second[:-3] + "xx/").status_code == 410
    other = signing.dumps([me.id, "b@city.example"], salt="another")
    assert Client().post(f"/email/{other}/").status_code == 410
    assert access.settings_of(me.id).email == ""
    client.post(SETTINGS, GIVEN | {"email": ""})
    assert Client().post(second).status_code == 410


def test_the_same_address_again_sends_nothing(
    client: Client, me: access.Actor, run_jobs: Callable[[], int]
) -> None:
    for _time in range(2):
        client.post(SETTINGS, GIVEN)
    run_jobs()
    assert len(mail.outbox) == 1


def test_a_job_for_an_address_that_was_taken_back_sends_nothing(me: access.Actor) -> None:
    assert me.id
    profile.send_link(me.id)
    assert mail.outbox == []


# Sections of other modules ---------------------------------------------------------------------------------
@pytest.fixture
def section() -> Iterator[None]:
    """Register a section as another module does."""
    shown = access.SettingsSection(
        "Notices of a test", "audit", 99, shown=lambda request: request.path == SETTINGS
    )
    access.register_settings_section(shown)
    yield
    del settings_pages._sections["audit"]


@pytest.mark.usefixtures("section")
def test_another_module_adds_a_section_for_whom_it_is(client: Client, me: access.Actor) -> None:
    assert "Notices of a test" in client.get(SETTINGS).content.decode()
    assert "Notices of a test" not in client.get(f"{SETTINGS}deputies/").content.decode()


# Deputies --------------------------------------------------------------------------------------------------
def test_a_person_names_a_deputy_and_ends_it(client: Client, me: access.Actor, person: People) -> None:
    stands = person("bakyt")
    way = f"{SETTINGS}deputies/"
    given: dict[str, Any] = {
        "deputy": str(stands.id),
        "first": str(today()),
        "last": str(today() + timedelta(days=5)),
        "roles": ["reporter"],
        "reason": "Отпуск (демо)",
    }
    for changes, field in (
        ({"deputy": ""}, "deputy"),
        ({"first": "31.02.2026"}, "first"),
        ({"last": str(today() - timedelta(days=1))}, "last"),
        ({"roles": []}, "roles"),
        ({"reason": ""}, "reason"),
    ):
        page = client.post(way, given | changes).content.decode()
        assert f'id="id_{field}-error"' in page, field
        assert field == "reason" or "Отпуск (демо)" in page
    assert client.post(way, given).headers["Location"] == way
    page = client.get(way).content.decode()
    assert "Name bakyt" in page
    number = Deputy.objects.get().pk
    other = Client()
    sign_in(other, "bakyt")
    assert "Name aigul" in other.get(way).content.decode()
    other.post(f"{way}{number}/")  # not theirs to end
    assert access.can(stands, "programme.report")
    client.post(f"{way}{number}/")
    assert not access.can(stands, "programme.report")
