"""What was put is found by any form of its words, by those who may see it, best first."""

from collections.abc import Iterator

import pytest
from django.db import connection

from shaar.access import api as access
from shaar.access.api import NOBODY
from shaar.kernel.texts import Text
from shaar.search import api as search
from shaar.search import reading, sources
from shaar.search.api import Document, Source
from shaar.search.words import kyrgyz_stem, split

pytestmark = pytest.mark.django_db

LAMPS = Document("1", "/1/", Text("Уличное освещение", "Көчө жарыгы", "Street lighting"),
    Text("Установлены светодиодные светильники на улицах города."))  # fmt: skip
SCHOOLS = Document("2", "/2/", Text("Строительство школ", "Мектептерди куруу", "Schools built"),
    Text("Завершено строительство 15 школ.", "15 мектеп курулду."))  # fmt: skip
TREES = Document("3", "/3/", Text("Озеленение", "Жашылдандыруу"), Text("Посажены деревья у школы № 12-а."))


@pytest.fixture
def kinds() -> Iterator[None]:
    """Make two kinds known for the time of a test, and these only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "_sources", {})
        search.register(Source("page", "Страницы", 3))
        search.register(Source("record", "Записи", 0, audiences=("programme.view_staff",)))
        yield


@pytest.fixture
def put(kinds: None) -> None:
    assert search.put("page", [LAMPS, SCHOOLS, TREES]) == 3
    search.count_words()


def found(words: str, **more: object) -> list[str]:
    return [hit.key for hit in search.find(words, actor=NOBODY, **more).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("светильник", ["1"]),
        ("СВЕТИЛЬНИКОВ", ["1"]),
        ("освещение улиц", ["1"]),
        ("школа", ["2", "3"]),  # the title counts more than the text
        ("школы построены", []),
        ("мектеп", ["2"]),
        ("мектептердин", ["2"]),
        ("мектебинде", ["2"]),
        ("кочо", ["1"]),
        ("көчөлөр", ["1"]),
        ("жашылдандыруу", ["3"]),
        ("schools", ["2"]),
        ("school lighting", []),
        ("12-а", ["3"]),
        ("на", []),
        ("", []),
        ("?!", []),
        ("' & | ! :* \\ \x00", []),
    ],
)
@pytest.mark.usefixtures("put")
def test_words_are_found_in_any_form_and_language(words: str, keys: list[str]) -> None:
    assert found(words) == keys


@pytest.mark.parametrize(
    ("wrong", "right", "keys"),
    [
        ("стороительство", "строительство", ["2"]),
        ("жошылдандыруу", "жашылдандыруу", ["3"]),
        ("строительство шкул", "строительство школ", ["2"]),
        ("абвгдеёжз", "", []),
    ],
)
@pytest.mark.usefixtures("put")
def test_a_misspelt_word_is_taken_for_the_nearest_and_that_is_said(
    wrong: str, right: str, keys: list[str]
) -> None:
    answer = search.find(wrong, actor=NOBODY)
    assert [hit.key for hit in answer.hits] == keys
    assert answer.corrected == right


@pytest.mark.usefixtures("put")
def test_a_word_that_is_being_typed_may_go_on() -> None:
    assert found("свети", is_typing=True) == ["1"]
    assert found("свети") == []


@pytest.mark.usefixtures("put")
def test_what_was_asked_stands_out_in_the_snippet() -> None:
    (hit,) = search.find("светильник", actor=NOBODY).hits
    assert hit.snippet == ("Установлены светодиодные ", "светильники", " на улицах города.")
    assert hit.kind_name == "Страницы"
    assert hit.url == "/1/"


@pytest.mark.usefixtures("put")
def test_putting_again_changes_only_what_changed_and_dropping_takes_out() -> None:
    assert search.put("page", [LAMPS, SCHOOLS]) == 0
    changed = Document("1", "/1/", Text("Фонари"))
    assert search.put("page", [changed]) == 1
    assert found("фонарь") == ["1"]
    assert found("светильник") == []
    assert search.drop("page", ["1", "none"]) == 1
    assert found("фонарь") == []


def test_a_kind_is_brought_to_what_its_source_says(kinds: None) -> None:
    documents = [LAMPS, SCHOOLS]
    search.register(Source("page", "Страницы", 3, documents=lambda: documents))
    assert search.refresh("page") == 2
    assert search.refresh("page") == 0
    documents.remove(LAMPS)
    assert search.refresh_all() == 1
    assert found("светильник") == []
    assert found("школа") == ["2"]


def test_two_documents_of_one_key_are_one(kinds: None) -> None:
    assert search.put("page", [LAMPS, Document("1", "/1/", Text("Фонари"))]) == 1
    assert found("фонари") == ["1"]


def test_kinds_narrow_and_are_counted_and_pages_follow(kinds: None) -> None:
    search.register(Source("news", "Новости", 1))
    search.put("page", (Document(str(i), f"/{i}/", Text("Парк")) for i in range(5)))
    search.put("news", (Document(str(i), f"/n{i}/", Text("Парк")) for i in range(3)))
    answer = search.find("парк", actor=NOBODY, limit=3)
    assert answer.total == 8
    assert answer.kinds == (("page", "Страницы", 5), ("news", "Новости", 3))
    assert [hit.kind for hit in answer.hits] == ["page"] * 3
    pages = [search.find("парк", actor=NOBODY, limit=3, offset=offset).hits for offset in (0, 3, 6, 9)]
    assert len({(hit.kind, hit.key) for page in pages for hit in page}) == 8
    assert search.find("парк", actor=NOBODY, kinds=["news"]).total == 3
    assert search.find("парк", actor=NOBODY, offset=100).total == 8


@pytest.mark.usefixtures("kinds")
def test_nobody_finds_what_they_may_not_see(staff: dict[str, access.Actor]) -> None:
    verb = "programme.view_staff"
    search.put("record", [
        Document("a", "/a/", Text("Секретный фонарь"), audience=verb, unit="unit_a"),
        Document("b", "/b/", Text("Секретный фонарь"), audience=verb, unit="unit_b"),
        Document("c", "/c/", Text("Секретный фонарь"), audience=verb),
    ])  # fmt: skip
    search.count_words()

    def seen(actor: access.Actor) -> set[str]:
        answer = search.find("фонарь", actor=actor)
        assert answer.total == len(answer.hits)
        return {hit.key for hit in answer.hits}

    assert seen(NOBODY) == set()
    assert seen(staff["none"]) == set()
    assert seen(staff["of_a"]) == {"a", "c"}
    assert seen(staff["all"]) == {"a", "b", "c"}
    assert search.find("секретный фонари", actor=NOBODY).corrected == ""
    assert search.find("секретнфй", actor=NOBODY).corrected == ""


@pytest.mark.usefixtures("kinds")
def test_of_very_many_matches_the_newest_are_looked_at_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "COMMON", 50)
    monkeypatch.setattr(reading, "NEWEST", 100)
    monkeypatch.setattr(reading, "RANKED", 40)
    search.register(Source("record", "Записи"))
    search.put("page", [Document("street", "/street/", Text("Улица"))])
    search.put("record", (Document(str(i), f"/{i}/", Text("Улица")) for i in range(300)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_entry")
    answer = search.find("улица", actor=NOBODY)
    assert answer.is_partial
    assert answer.total == 41
    assert answer.hits[0].key == "street"
    assert min(int(hit.key) for hit in answer.hits[1:]) >= 200


@pytest.mark.parametrize(
    ("word", "stem"),
    [("мектептердин", "мектеп"), ("шаардык", "шаар"), ("көчөлөрдө", "кочо"), ("бак", "бак"), ("суу", "суу")],
)
def test_kyrgyz_endings_are_taken_off(word: str, stem: str) -> None:
    assert kyrgyz_stem(split(word)[0]) == stem
