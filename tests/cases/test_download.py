"""A file is sent to who gave it and to who takes part in its case, and to nobody else."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from shaar.access.api import Actor
from shaar.access.models import User
from shaar.cases.api import attach, store_file
from tests.cases.conftest import person
from tests.cases.test_cases import paper

AT = datetime(2022, 4, 4, 4, tzinfo=UTC)


def sign_in(client: Client, actor: Actor) -> None:
    client.force_login(User.objects.get(pk=actor.id))


def fetch(client: Client, address: str) -> tuple[int, bytes]:
    """Return the status and the whole content, so that the file is closed."""
    response = client.get(address)
    return response.status_code, b"".join(response) if response.streaming else response.content


@pytest.mark.django_db
def test_giver_and_participant_get_the_file_a_stranger_does_not(
    client: Client, writer: Actor, judge: Actor, store: Path
) -> None:
    given = store_file(io.BytesIO(b"text"), name="отчёт.txt", actor=writer, at=AT)
    address = f"/files/{given.id}/"
    stranger = person("stranger", "lifts", "tests.write")
    assert client.get(address).status_code == 302
    sign_in(client, judge)
    assert client.get(address).status_code == 404
    attach(paper(), given.id, actor=writer, at=AT)
    for actor, status in ((writer, 200), (judge, 200), (stranger, 404)):
        sign_in(client, actor)
        assert fetch(client, address)[0] == status


@pytest.mark.django_db
def test_a_file_is_sent_so_that_no_browser_runs_it(client: Client, writer: Actor, store: Path) -> None:
    given = store_file(io.BytesIO(b"<html>text</html>"), name='о"тчёт.txt', actor=writer, at=AT)
    sign_in(client, writer)
    response = client.get(f"/files/{given.id}/")
    assert b"".join(response.streaming_content) == b"<html>text</html>"  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert client.get("/files/999999/").status_code == 404
