"""Administration by role holders: people, their roles, one-time passwords, and how far each one reaches."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client, override_settings

from shaar.access import administration, factors, oidc
from shaar.access import api as access
from shaar.access.models import Grant, Happened, Role, RoleAssignment, SecurityEvent, User
from shaar.config.environment import OutsideProvider
from shaar.kernel.clock import now, today
from shaar.kernel.errors import Refusal
from tests.access.conftest import PACK, PASSWORD, People
from tests.access.test_factors import code_of
from tests.access.test_pages import sign_in

NEW = {"username": "cholpon", "name": "Чолпон (демо)", "unit": "lifts", "language": "ky"}


@pytest.fixture
def admin(person: People, client: Client) -> access.Actor:
    """Return an administrator of everything, who has signed in."""
    made = person("admin", "administrator")
    sign_in(client, "admin")
    return made


@pytest.fixture
def limited(person: People) -> access.Actor:
    """Return an administrator of `lifts` and what is under it."""
    return person("limited", "administrator", unit="lifts")


def test_a_person_is_added_and_signs_in_with_a_password_that_holds_once(
    client: Client, admin: access.Actor
) -> None:
    page = client.post("/staff/people/new/", NEW | {"email": "c@city.example", "phone": "+996 312 000000"})
    password = re.findall(r"<code>([a-z0-9-]{19})</code>", page.content.decode())[0]
    made = User.objects.get(username="cholpon")
    assert (made.language, made.email, made.email_pending) == ("ky", "", "c@city.example")
    assert made.unit is not None
    assert made.unit.code == "lifts"
    other = Client()
    sign_in(other, "cholpon", password)
    assert other.get("/staff/").headers["Location"] == "/staff/password/"


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"username": "admin"}, "username", "уже есть"),
        ({"username": "два слова"}, "username", ""),
        ({"username": ""}, "username", "Введите имя пользователя"),
        ({"name": ""}, "name", "имя"),
        ({"email": "nonsense"}, "email", "name@city.example"),
        ({"phone": "call me"}, "phone", "номер телефона"),
        ({"unit": "nowhere"}, "unit", ""),
    ],
)
def test_bad_input_is_told_at_its_place_and_what_was_typed_stays(
    client: Client, admin: access.Actor, changes: dict[str, str], field: str, text: str
) -> None:
    page = client.post("/staff/people/new/", NEW | changes).content.decode()
    assert f'id="id_{field}-error"' in page
    assert text in page
    for name, value in (NEW | changes).items():
        if name in {"username", "name", "email", "phone"} and value:
            assert f'value="{value}"' in page
    assert not User.objects.filter(display_name=NEW["name"]).exists()


def test_a_person_is_changed_given_a_role_and_relieved_of_it(
    client: Client, admin: access.Actor, person: People
) -> None:
    actor = person("aigul")
    way = "/staff/people/aigul/"
    response = client.post(f"{way}edit/", {"name": "Новое имя", "unit": "parks", "language": "ru"})
    assert response.headers["Location"] == way
    page = client.get(way).content.decode()
    assert "Новое имя" in page
    assert "parks" in page
    given = {"role": "reporter", "unit": "parks", "first": str(today())}
    client.post(f"{way}roles/", given)
    assert access.can(actor, "programme.report", unit="parks")
    again = client.post(f"{way}roles/", given).content.decode()
    assert "уже" in again
    assert 'id="id_role-error"' in again
    late = client.post(f"{way}roles/", given | {"last": str(today() - timedelta(days=1))}).content.decode()
    assert 'id="id_last-error"' in late
    number = RoleAssignment.objects.get(user_id=actor.id).pk
    client.post(f"{way}roles/{number}/")
    assert not access.can(actor, "programme.report")


def test_a_reset_password_holds_once_and_ends_the_sessions(
    client: Client, admin: access.Actor, person: People
) -> None:
    person("aigul")
    other = Client()
    sign_in(other)
    assert "Сбросить пароль" in client.get("/staff/people/aigul/do/password/").content.decode()
    page = client.post("/staff/people/aigul/do/password/").content.decode()
    password = re.findall(r"<code>([a-z0-9-]{19})</code>", page)[0]
    assert other.get("/staff/").headers["Location"].startswith("/sign-in/")
    assert sign_in(other, password=PASSWORD).status_code == 200
    assert sign_in(other, password=password).status_code == 302
    (event,) = SecurityEvent.objects.filter(kind=Happened.PASSWORD_RESET)
    assert password not in str(vars(event))


def test_a_lost_factor_is_reset_and_stands_in_the_audit_with_who_did_it(
    client: Client, admin: access.Actor, person: People
) -> None:
    actor = person("aigul")
    user, secret = User.objects.get(pk=actor.id), factors.new_app_secret()
    factors.add_app(user, secret, code_of(secret, now()), at=now())
    client.post("/staff/people/aigul/do/factor/")
    assert not factors.has_factors(user.pk)
    access.assign_role("admin", "auditor", actor=PACK)
    page = client.get(f"/staff/audit/?q=user:{admin.id}").content.decode()
    assert "factors_reset" in page


def test_a_person_is_blocked_and_let_in_again(client: Client, admin: access.Actor, person: People) -> None:
    person("aigul")
    other = Client()
    sign_in(other)
    client.post("/staff/people/aigul/do/block/")
    assert other.get("/staff/").status_code == 302
    assert sign_in(other).status_code == 200
    client.post("/staff/people/aigul/do/unblock/")
    assert sign_in(other).status_code == 302
    assert client.get("/staff/people/aigul/do/nonsense/").status_code == 404
    assert client.get("/staff/people/nobody/").status_code == 404


def test_the_last_administrator_can_neither_be_blocked_nor_relieved(
    client: Client, admin: access.Actor, limited: access.Actor
) -> None:
    page = client.post("/staff/people/admin/do/block/", follow=True).content.decode()
    assert "некому" in page
    number = RoleAssignment.objects.get(user_id=admin.id).pk
    assert "некому" in client.post(f"/staff/people/admin/roles/{number}/", follow=True).content.decode()
    assert access.can(admin, "access.admin")


def test_an_administrator_of_some_units_reaches_their_people_only(
    client: Client, admin: access.Actor, limited: access.Actor, person: People
) -> None:
    for name, unit in (("ours", "workshop"), ("theirs", "parks"), ("chief", "lifts")):
        person(name)
        administration.change_person(
            name, name=name, unit=unit, language="ru", email="", phone="", actor=admin
        )
    access.assign_role("chief", "administrator", actor=PACK)
    other = Client()
    sign_in(other, "limited")
    page = other.get("/staff/people/").content.decode().split("<table", 1)[1]
    assert "ours" in page
    assert "theirs" not in page
    assert other.get("/staff/people/ours/").status_code == 200
    for name in ("theirs", "admin", "chief"):  # chief works in the unit, but administers everything
        assert other.get(f"/staff/people/{name}/").status_code == 403
        assert other.post(f"/staff/people/{name}/do/password/").status_code == 403
    for role, unit, code in (
        ("reporter", "parks", "forbidden"),
        ("reporter", "", "forbidden"),
        ("auditor", "lifts", "forbidden"),
    ):
        with pytest.raises(Refusal) as refused:
            administration.give_role(
                "ours", role=role, unit=unit, territory="", first=None, last=None, actor=limited
            )
        assert refused.value.code == code
    with pytest.raises(Refusal):
        administration.create_person(
            "new", name="n", unit="", language="ru", email="", phone="", actor=limited
        )


def test_others_reach_none_of_it(client: Client, person: People) -> None:
    person("aigul", "auditor")
    sign_in(client)
    for way in ("people/new/", "people/aigul/", "people/aigul/do/password/", "roles/", "roles/new/"):
        assert client.get(f"/staff/{way}").status_code == 403


def test_an_administrator_names_a_deputy(client: Client, admin: access.Actor, person: People) -> None:
    person("aigul", "reporter", unit="lifts")
    stands = person("bakyt")
    way = "/staff/people/aigul/deputies/"
    given = {
        "deputy": str(stands.id),
        "first": str(today()),
        "last": str(today() + timedelta(days=3)),
        "roles": ["reporter"],
        "reason": "Отпуск (демо)",
    }
    bad = client.post(way, given | {"last": str(today() - timedelta(days=3))}).content.decode()
    assert 'id="id_last-error"' in bad
    assert "Отпуск (демо)" in bad
    assert client.post(way, given).headers["Location"] == way
    assert access.can(stands, "programme.report", unit="lifts")
    other = Client()
    sign_in(other, "bakyt")
    assert "Вы действуете за: Name aigul" in other.get("/staff/settings/").content.decode()


def test_what_a_deputy_does_is_written_with_for_whom(client: Client, person: People) -> None:
    from shaar.access.deputies import name_deputy

    absent = person("absent", "auditor")
    stands = person("stands")
    assert absent.id
    assert stands.id
    name_deputy(
        absent.id,
        stands.id,
        first=today(),
        last=today(),
        roles=["auditor"],
        reason="Leave",
        actor=absent,
        on=today(),
    )
    import pghistory

    with pghistory.context(actor=stands.key):
        access.check(stands, "audit.read")
        User.objects.filter(pk=absent.id).update(phone="+996 312 000001")
    sign_in(client, "stands")
    page = client.get("/staff/audit/?model=access.User").content.decode()
    assert "за Name absent" in page


# The outside identity --------------------------------------------------------------------------------------
def test_an_identity_is_linked_by_a_pin_that_is_not_kept(
    client: Client, admin: access.Actor, person: People
) -> None:
    person("aigul")
    person("bakyt")
    with override_settings(OIDC=OutsideProvider(issuer="https://esia.example", client="a", secret="b")):
        way = "/staff/people/aigul/identity/"
        bad = client.post(way, {"pin": "123"}).content.decode()
        assert "14 цифр" in bad
        assert 'value="123"' in bad
        client.post(way, {"pin": "2010119800 0011"})
        assert User.objects.get(username="aigul").identity_hash == oidc.identity_hashes("20101198000011")[0]
        taken = client.post("/staff/people/bakyt/identity/", {"pin": "20101198000011"}).content.decode()
        assert "другому человеку" in taken
        client.post(way, {"pin": ""})
        assert User.objects.get(username="aigul").identity_hash == ""


# Roles -----------------------------------------------------------------------------------------------------
def test_a_role_is_made_here_and_the_pack_leaves_it_alone(
    client: Client, admin: access.Actor, tmp_path: Path
) -> None:
    given = {"code": "reader", "name_ru": "Читатель", "verbs": ["audit.read"]}
    assert client.post("/staff/roles/new/", given).headers["Location"] == "/staff/roles/"
    assert "уже есть" in client.post("/staff/roles/new/", given).content.decode()
    assert (
        'id="id_verbs-error"'
        in client.post("/staff/roles/new/", given | {"code": "b", "verbs": ["made.up"]}).content.decode()
    )
    assert "Читатель" in client.get("/staff/roles/reader/").content.decode()
    assert client.get("/staff/roles/auditor/").status_code == 404  # of the pack
    client.post("/staff/roles/reader/", {"name_ru": "Читатель 2", "verbs": ["city.admin"]})
    text = "roles:\n  - {code: auditor, name: {ru: Аудитор}, verbs: [audit.read]}\n"
    (tmp_path / "roles.yaml").write_text(text)
    access.load_roles(tmp_path, actor="pack:test")
    assert list(Grant.objects.filter(role__code="reader").values_list("verb", flat=True)) == ["city.admin"]
    page = client.get("/staff/roles/")
    assert page.status_code == 403  # the pack of this test has no administrator any more
    assert Role.objects.get(code="reader").name_ru == "Читатель 2"


# The audit -------------------------------------------------------------------------------------------------
def test_the_audit_is_found_by_name_and_downloaded_within_ones_scope(
    client: Client, admin: access.Actor, person: People
) -> None:
    person("aigul")
    administration.change_person(
        "aigul", name="=HYPERLINK(1)", unit="lifts", language="ru", email="", phone="", actor=admin
    )
    access.assign_role("admin", "auditor", actor=PACK)
    assert "HYPERLINK" in client.get("/staff/audit/?q=Name admin").content.decode()
    response = client.get("/staff/audit/audit.csv?model=access.User")
    rows = response.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("at,who,for,address,record")
    assert any(",'=HYPERLINK(1)" in row for row in rows)
    assert SecurityEvent.objects.filter(kind=Happened.AUDIT_EXPORTED).count() == 1
    # an auditor of some units sees what their people did, and exports no more than that
    person("bounded", "auditor", unit="parks")
    other = Client()
    sign_in(other, "bounded")
    assert "HYPERLINK" not in other.get("/staff/audit/").content.decode()
    assert "HYPERLINK" not in other.get("/staff/audit/audit.csv").content.decode()
    assert client.get("/staff/audit/audit.csv?first=nonsense").status_code == 302
