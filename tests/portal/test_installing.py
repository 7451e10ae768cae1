"""The portal can be installed as an app."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ru", "ky", "en"])
def test_the_manifest_speaks_the_language_and_its_icons_exist(client: Client, language: str) -> None:
    answer = client.get(f"/manifest.{language}.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = json.loads(answer.content)
    assert said["lang"] == language
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    for icon in said["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_there_is_no_manifest_in_an_unknown_language(client: Client) -> None:
    assert client.get("/manifest.xx.webmanifest").status_code == 404


def test_the_worker_is_asked_for_anew_each_time_and_rules_over_the_whole_site(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert b"/static/build/shaar.css" in answer.content
