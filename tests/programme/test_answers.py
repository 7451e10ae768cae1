"""The answer to a finding: what was typed stays when it is refused."""

import pytest
from django.test import Client

from shaar.access.models import User
from tests.programme.conftest import People

pytestmark = pytest.mark.django_db


def test_a_refused_answer_keeps_what_was_typed(client: Client, people: People) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    user = User.objects.get(username=people.office.name)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    here = "/findings/?period=2022&rule="
    findings = [one["one"] for one in client.get(here).context["findings"]]
    key = next(one.key for one in findings if str(one.outcome) == "finding")
    long = "Проверено по актам. " * 400
    answer = client.post("/findings/answer/", {"key": key, "next": here, "text": long})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert long.strip() in page
    assert page.count("govuk-textarea--error") == 1
    assert "Ответ не записан" in page
    assert (
        client.post("/findings/answer/", {"key": key, "next": here, "text": "Проверено"}).status_code == 302
    )
