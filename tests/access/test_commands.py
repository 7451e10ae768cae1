"""The command `user`, by which the first people of an installation are made."""

import io

import pytest

from shaar.access import api as access
from shaar.access.audit import AuditQuery, search
from shaar.access.models import User
from shaar.config.cli import build_parser
from shaar.kernel.errors import Refusal
from tests.access.conftest import PASSWORD


def run(*words: str) -> int:
    arguments = build_parser().parse_args(["user", *words])
    return int(arguments.run(arguments))


def test_a_first_administrator_is_made_with_a_password_from_a_pipe(
    roles: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run("add", "aigul", "--name", "Айгүл", "--unit", "lifts") == 0
    assert run("grant", "aigul", "administrator") == 0
    assert User.objects.get().check_password(PASSWORD)
    actor = access.user_actor("aigul")
    assert access.can(actor, "access.admin")
    assert actor.id is not None
    assert access.person(actor.id).unit == "lifts"
    assert {entry.actor for entry in search(AuditQuery(model="access.User"))} == {"system:command-line"}


def test_a_password_is_never_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("add", "aigul", "--name", "Айгүл", "--password", PASSWORD)
    assert "unrecognized arguments" in capsys.readouterr().err


def test_a_new_password_for_nobody_is_refused(roles: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD))
    with pytest.raises(Refusal) as refused:
        run("password", "nobody")
    assert refused.value.code == "unknown_user"
