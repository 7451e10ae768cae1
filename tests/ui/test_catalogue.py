"""The catalogue shows every component with its parameters, its examples and its code."""

from pathlib import Path

import pytest

from shaar.ui import registry
from tests.conftest import StrictClient
from tests.ui.test_one_file_components import FILE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", [one.name for one in registry.components()])
def test_every_component_is_shown_with_its_examples_in_light_and_dark(
    client: StrictClient, name: str
) -> None:
    page = client.get(f"/ui/components/{name}/").content.decode()
    component = registry.find(name)
    assert page.count('data-theme="light"') == page.count('data-theme="dark"') == len(component.examples)
    for parameter in component.parameters.values():
        assert f"<code>{parameter.name}</code>" in page
    assert f'href="/ui/components/{name}/"' in client.get("/ui/").content.decode()


def test_a_component_of_one_dropped_file_is_in_the_catalogue(client: StrictClient, tmp_path: Path) -> None:
    (tmp_path / "greeting.html").write_text(FILE, encoding="utf-8")
    assert client.get("/ui/components/greeting/").status_code == 404
    with registry.also(tmp_path):
        assert "A greeting, for tests." in client.get("/ui/").content.decode()
        page = client.get("/ui/components/greeting/").content.decode()
        assert '<p class="greet greet--warm">Айгүл × 1!</p>' in page
        assert "&#123;% c &quot;greeting&quot; name=&quot;Айгүл&quot; %}" in page


def test_ids_of_the_two_copies_of_an_example_differ(client: StrictClient) -> None:
    page = client.get("/ui/components/field/").content.decode()
    assert page.count('id="id_amount"') == 1
    assert page.count('id="dark-id_amount"') == 1


def test_a_question_is_a_page_and_its_answer_leads_on(client: StrictClient) -> None:
    assert "data-question" in client.get("/ui/question/").content.decode()
    assert client.post("/ui/question/").status_code == 302


def test_options_of_a_long_list_come_as_json(client: StrictClient) -> None:
    found = client.get("/ui/streets/?q=улица 99").json()["options"]
    assert found[0] == {"value": "street-99", "label": "Улица 99 (демо)"}
