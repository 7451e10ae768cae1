"""News: drafts are the writers' own, what is published is everybody's, urgent ones stand over the pages."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from defusedxml import ElementTree
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from shaar.access import api as access
from shaar.access.api import Actor
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from shaar.portal.models import Article
from shaar.portal.news import services
from shaar.search import api as search
from tests.portal.conftest import AT, article

pytestmark = pytest.mark.django_db


def published(actor: Actor, **more: object) -> int:
    number = services.write(article(**more), actor=actor, at=AT)
    services.publish(number, actor=actor, at=AT)
    return number


def test_a_draft_is_seen_by_nobody_and_a_published_article_by_everybody(
    client: Client, writer: Actor
) -> None:
    number = services.write(article(), actor=writer, at=AT)
    assert client.get(f"/news/{number}/").status_code == 404
    assert "Открыт парк" not in client.get("/news/").content.decode()
    services.publish(number, actor=writer, at=AT)
    page = client.get(f"/news/{number}/").content.decode()
    assert "Открыт парк" in page
    assert "<strong>двести</strong>" in page
    assert "Открыт парк" in client.get("/news/").content.decode()
    assert "Открыт парк" in client.get("/").content.decode()


def test_a_withdrawn_article_says_why(client: Client, writer: Actor) -> None:
    number = published(writer)
    with pytest.raises(Refusal, match="почему"):
        services.withdraw(number, reason=" ", actor=writer, at=AT)
    services.withdraw(number, reason="Ошибка в дате", actor=writer, at=AT)
    answer = client.get(f"/news/{number}/")
    assert answer.status_code == 410
    assert "Ошибка в дате" in answer.content.decode()
    assert "Открыт парк" not in client.get("/news/").content.decode()


def test_markup_that_somebody_types_is_shown_as_text(client: Client, writer: Actor) -> None:
    evil = "<script>alert(1)</script> [go](javascript:alert(1)) ![x](https://example.com/x.png) <b>b</b>"
    number = published(writer, body=Text(evil, evil))
    page = client.get(f"/news/{number}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert 'href="javascript' not in page
    assert "<b>" not in page
    assert "https://example.com/x.png" not in page or 'src="https://example.com' not in page


def test_one_who_writes_for_a_unit_writes_for_no_other(town: None, writer: Actor) -> None:
    narrow = access.user_actor("narrow")
    services.write(article(unit="tazalyk"), actor=narrow, at=AT)
    with pytest.raises(Refusal) as refused:
        services.write(article(unit="city-hall"), actor=narrow, at=AT)
    assert refused.value.code == "forbidden"
    number = services.write(article(unit="city-hall"), actor=writer, at=AT)
    with pytest.raises(Refusal):
        services.publish(number, actor=narrow, at=AT)


def test_an_article_is_in_both_languages_and_an_urgent_one_has_a_term(town: None, writer: Actor) -> None:
    with pytest.raises(Refusal) as refused:
        services.write(article(title=Text("Есть", " "), is_urgent=True), actor=writer, at=AT)
    places = [one.place.field for one in refused.value.problems if one.place]
    assert places == ["title_ky", "starts_at"]
    row = Article.objects.get(pk=services.write(article(), actor=writer, at=AT))
    row.is_urgent = True
    with pytest.raises(IntegrityError, match="article_urgent_has_a_term"), transaction.atomic():
        row.save()


def test_who_was_slower_is_told_and_loses_nothing_of_the_other(town: None, writer: Actor) -> None:
    number = services.write(article(), actor=writer, at=AT)
    services.rewrite(number, article(title=Text("Первая", "Биринчи")), revision=1, actor=writer, at=AT)
    with pytest.raises(Refusal) as refused:
        services.rewrite(number, article(title=Text("Вторая", "Экинчи")), revision=1, actor=writer, at=AT)
    assert refused.value.code == "changed_meanwhile"
    assert Article.objects.get().title_ru == "Первая"


def test_the_list_is_narrowed_by_kind_district_year_and_words(client: Client, writer: Actor) -> None:
    published(writer, title=Text("Всему городу", "Бүт шаарга"))
    published(writer, title=Text("Ленинскому", "Ленинге"), districts=("leninsky",), kind="notice")
    published(writer, title=Text("Свердловскому", "Свердловго"), districts=("sverdlovsky",))
    published(writer, title=Text("Прошлогоднее", "Былтыркы"), day=date(2021, 5, 1))

    def shown(query: str) -> set[str]:
        page = client.get(f"/news/?{query}").content.decode()
        return {one for one in ("Всему", "Ленинскому", "Свердловскому", "Прошлогоднее") if one in page}

    assert shown("district=leninsky") == {"Всему", "Ленинскому", "Прошлогоднее"}
    assert shown("kind=notice") == {"Ленинскому"}
    assert shown("year=2021") == {"Прошлогоднее"}
    assert shown("q=былтыркы") == {"Прошлогоднее"}
    assert shown("kind=nonsense&year=x&district=nowhere&page=-1") == {
        "Всему", "Ленинскому", "Свердловскому", "Прошлогоднее",
    }  # fmt: skip


@pytest.mark.parametrize(("form", "entry"), [("atom", "{http://www.w3.org/2005/Atom}entry"), ("rss", "item")])
def test_the_feeds_are_read_by_programs_in_each_language(
    client: Client, writer: Actor, form: str, entry: str
) -> None:
    number = published(writer)
    for language, title in (("ru", "Открыт парк"), ("ky", "Парк ачылды"), ("en", "Открыт парк")):
        answer = client.get(f"/news/{language}.{form}")
        assert answer["Content-Type"] == f"application/{form}+xml; charset=utf-8"
        (found,) = ElementTree.fromstring(answer.content).iter(entry)
        told = "".join(found.itertext())
        assert title in told
        assert f"/news/{number}/" in answer.content.decode()
    assert client.get("/news/xx.atom").status_code == 404
    assert client.get("/news/ru.pdf").status_code == 404


def test_an_urgent_notice_stands_over_public_pages_of_its_districts_while_it_lasts(
    client: Client, writer: Actor
) -> None:
    now = clock.now()
    term = {"is_urgent": True, "starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    number = published(writer, title=Text("Нет воды", "Суу жок"), districts=("leninsky",), **term)
    over = datetime(2022, 1, 1, tzinfo=UTC)
    late = services.write(
        article(title=Text("Прошло", "Өттү"), **(term | {"starts_at": over, "ends_at": over + timedelta(1)})),
        actor=writer,
        at=AT,
    )
    Article.objects.filter(pk=late).update(state="published", published_at=over)
    for address in ("/", "/indicators/", "/about/"):
        page = client.get(address).content.decode()
        assert "Нет воды" in page, address
        assert f'href="/news/{number}/"' in page
        assert "Ленинский район" in page
        assert "Прошло" not in page or address == "/"
    assert "shaar-banner" not in client.get("/news/?district=sverdlovsky").content.decode()


@pytest.mark.django_db(transaction=True)
def test_publishing_drops_the_kept_pages_and_time_alone_ends_a_banner(client: Client, writer: Actor) -> None:
    assert "Открыт парк" not in client.get("/news/").content.decode()
    number = published(writer)
    assert "Открыт парк" in client.get("/news/").content.decode()
    services.withdraw(number, reason="Ошибка", actor=writer, at=AT)
    assert "Открыт парк" not in client.get("/news/").content.decode()
    now = clock.now()
    ends = now + timedelta(seconds=1.5)
    published(writer, is_urgent=True, starts_at=now - timedelta(hours=1), ends_at=ends)
    assert "shaar-banner" in client.get("/about/").content.decode()
    while clock.now() <= ends:
        pass
    assert "shaar-banner" not in client.get("/about/").content.decode()


def test_published_news_are_found_and_withdrawn_ones_are_not(
    client: Client, writer: Actor, run_jobs: object
) -> None:
    number = published(writer)
    search.refresh_all()
    assert "Открыт парк" in client.get("/search/?q=парк").content.decode()
    services.withdraw(number, reason="Ошибка", actor=writer, at=AT)
    run_jobs()  # type: ignore[operator]
    assert f"/news/{number}/" not in client.get("/search/?q=парк").content.decode()


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, "PNG")
    made.seek(0)
    return made


def test_a_picture_has_words_and_is_sent_only_while_the_article_is_published(
    client: Client, writer: Actor
) -> None:
    number = services.write(article(), actor=writer, at=AT)
    with pytest.raises(Refusal):
        services.add_file(number, picture(), file="p.png", name=Text("Парк"), actor=writer, at=AT)
    services.add_file(number, picture(), file="p.png", name=Text("Парк", "Парк"), actor=writer, at=AT)
    file = Article.objects.get().files.get()
    address = f"/news/{number}/files/{file.file}/"
    assert client.get(address).status_code == 404
    services.publish(number, actor=writer, at=AT)
    answer = client.get(address)
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    assert f'src="{address}" alt="Парк"' in client.get(f"/news/{number}/").content.decode()
    services.remove_file(number, file.file, actor=writer, at=AT)
    assert client.get(address).status_code == 404


def test_the_list_asks_as_often_for_many_articles_as_for_one(client: Client, writer: Actor) -> None:
    published(writer, districts=("leninsky",))

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/news/")
        return len(seen)

    asked()
    one = asked()
    for _turn in range(8):
        published(writer, districts=("sverdlovsky",))
    assert asked() == one
