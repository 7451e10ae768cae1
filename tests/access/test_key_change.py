"""The secret key is changed: people stay signed in, and what the key before sealed and hashed is found."""

import pytest
from django.conf import settings
from django.test import Client, override_settings

from shaar.access import administration, factors, oidc
from shaar.access import api as access
from shaar.access.models import User
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.sealing import keyed_hash, keyed_hashes, seal, unseal

pytestmark = pytest.mark.django_db
PASSWORD, PIN = "long-enough-2026", "20101198000011"
NEW = "n" * 60


@pytest.fixture
def clerk() -> User:
    access.create_user("clerk", name="clerk", password=PASSWORD, actor=access.system_actor("tests"))
    return User.objects.get(username="clerk")


def changed(*, keeps: bool) -> override_settings:
    return override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY] if keeps else [])


def test_a_session_outlives_a_change_of_the_key_while_the_old_one_is_named(clerk: User) -> None:
    client = Client()
    client.force_login(clerk, backend=settings.AUTHENTICATION_BACKENDS[-1])
    with changed(keeps=True):
        assert client.get("/staff/settings/").status_code == 200
    client = Client()
    client.force_login(clerk, backend=settings.AUTHENTICATION_BACKENDS[-1])
    with changed(keeps=False):
        assert client.get("/staff/settings/").status_code == 302


def test_a_recovery_code_of_the_key_before_works_once(clerk: User) -> None:
    codes = factors.renew_codes(clerk)
    with changed(keeps=True):
        assert factors.check_code(clerk.pk, codes[0], at=clock.now()) == "recovery"
        with pytest.raises(Refusal):
            factors.check_code(clerk.pk, codes[0], at=clock.now())
    with changed(keeps=False), pytest.raises(Refusal):
        factors.check_code(clerk.pk, codes[1], at=clock.now())


def test_an_identity_linked_under_the_key_before_is_found_and_stays_one_persons(clerk: User) -> None:
    by = access.system_actor("tests")
    User.objects.filter(pk=clerk.pk).update(identity_hash=oidc.identity_hashes(PIN)[0])
    access.create_user("other", name="other", password=PASSWORD, actor=by)
    with changed(keeps=True):
        arrived = oidc.Arrived(oidc.identity_hashes(PIN), "/staff/")
        assert oidc.person_of(arrived) == clerk
        with pytest.raises(Refusal) as told:
            administration.link_identity("other", PIN, actor=by)
    assert told.value.code == "identity_taken"


def test_what_is_kept_anew_is_under_the_key_in_use() -> None:
    old, sealed = keyed_hash("x", purpose="a"), seal(b"secret", purpose="a")
    with changed(keeps=True):
        assert keyed_hash("x", purpose="a") != old
        assert keyed_hashes("x", purpose="a")[1] == old
        assert unseal(sealed, purpose="a") == b"secret"
        again = seal(b"secret", purpose="a")
    with changed(keeps=False):
        assert unseal(again, purpose="a") == b"secret"
