"""The page of the search and the list that opens while one types."""

import pytest
from django.test import Client

from shaar.kernel.texts import Text
from shaar.search import api as search
from shaar.search.api import Document, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shaar.search.sources._sources", {})
    search.register(Source("page", "Страницы", 2))
    search.register(Source("news", "Новости", 1))
    body = Text("Парк <b>имени</b> города & окрестностей открыт.")
    search.put("page", (Document(str(i), f"/{i}/", Text("Парк", "Парк"), body) for i in range(25)))
    search.put("news", [Document("1", "/n/", Text("Открыт парк"))])


@pytest.mark.usefixtures("pages")
def test_results_are_paged_narrowed_and_escaped(client: Client) -> None:
    page = client.get("/search/?q=парк", headers={"accept-language": "ru"}).content.decode()
    assert "26 результатов" in page
    assert page.count('<h2 class="govuk-heading-m"') == 20
    assert "&lt;b&gt;имени&lt;/b&gt;" in page
    second = client.get("/search/?q=парк&page=2", headers={"accept-language": "ru"}).content.decode()
    assert second.count('<h2 class="govuk-heading-m"') == 6
    news = client.get("/search/?q=парк&kind=news", headers={"accept-language": "ru"}).content.decode()
    assert news.count('<h2 class="govuk-heading-m"') == 1
    assert "Всё (26)" in news


@pytest.mark.parametrize(
    "query", ["", "page=x&q=парк", "page=-1&q=парк", "page=99999&q=парк", "kind=none&q=парк", "q=%00"]
)
@pytest.mark.usefixtures("pages")
def test_a_strange_question_gets_a_page(client: Client, query: str) -> None:
    assert client.get(f"/search/?{query}").status_code == 200


def test_nothing_found_says_what_to_do_and_keeps_the_words(client: Client) -> None:
    page = client.get('/search/?q="><script>', headers={"accept-language": "ky"}).content.decode()
    assert "Эч нерсе табылган жок" in page
    assert 'value="&quot;&gt;&lt;script&gt;"' in page


@pytest.mark.usefixtures("pages")
def test_while_typing_the_best_few_are_told(client: Client) -> None:
    answer = client.get("/search/suggest/?q=пар", headers={"accept-language": "ru"})
    assert answer.content.decode().count('role="option"') == 9
    assert "Показать все 26 результатов" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/search/suggest/?q=п").content.decode().strip() == ""


@pytest.mark.usefixtures("pages")
def test_the_page_takes_the_same_queries_for_one_and_for_many(
    client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        client.get("/search/?q=парк")
