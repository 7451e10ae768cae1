"""Open data: each dataset tells the same in each format, is described for programs, and is public."""

import csv
import io
import json
import tracemalloc
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef

from shaar.access.api import Actor
from shaar.indicators import api as indicators
from shaar.kernel import jobs
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.portal import pack as portal
from shaar.portal.news import services
from shaar.portal.opendata.datasets import DATASETS
from shaar.portal.opendata.outcomes import Column, Dataset
from shaar.portal.opendata.writing import make
from tests.portal.conftest import AT, article
from tests.programme.conftest import bishkek, pack

__all__ = ["bishkek", "pack"]
# rdflib's own reader of JSON-LD still uses what rdflib calls old.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
SHAPES = Path(__file__).with_name("dcat_ap.shapes.ttl")


def read(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def table(client: Client, code: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(client, f"/data/{code}.csv").decode())))


@pytest.mark.django_db(transaction=True)
def test_every_dataset_tells_the_same_in_every_format(client: Client, bishkek: Path) -> None:
    jobs.run_pending()
    page = client.get("/data/").content.decode()
    for one in DATASETS:
        assert f'href="/data/{one.code}/"' in page
        rows = table(client, one.code)
        told = json.loads(read(client, f"/data/{one.code}.json"))
        book = openpyxl.load_workbook(io.BytesIO(read(client, f"/data/{one.code}.xlsx")), read_only=True)
        sheet = list(book.worksheets[0].iter_rows(values_only=True))
        names = [column.name for column in one.columns]
        assert len(rows) == len(told["rows"]) == len(sheet) - 1, one.code
        assert list(sheet[0]) == names
        keys = [column.name for column in one.columns if column.is_key]
        if keys:
            found = [tuple(row[key] for key in keys) for row in rows]
            assert len(set(found)) == len(found), f"{one.code}: the key is not a key"
        assert client.get(f"/data/{one.code}/").status_code == 200
        assert_as_described(client, one, rows)
    values = {(row["indicator"], row["period"]): row for row in table(client, "indicator-values")}
    stated = indicators.value("lifts.delivered", Period.year(2022)).quantity
    assert stated is not None
    assert Decimal(values["lifts.delivered", "2022"]["value"]) == stated.value
    assert len(table(client, "measures")) > 60


def assert_as_described(client: Client, one: Dataset, rows: list[dict[str, str]]) -> None:
    schema = json.loads(read(client, f"/data/{one.code}.csv-metadata.json"))["tableSchema"]
    package = json.loads(read(client, f"/data/{one.code}.datapackage.json"))
    fields = package["resources"][0]["schema"]["fields"]
    names = [column["name"] for column in schema["columns"]]
    assert names == [field["name"] for field in fields] == [column.name for column in one.columns]
    assert "licenses" not in package
    for column in schema["columns"]:
        for row in rows[:200]:
            value = row[column["name"]]
            assert value or not column["required"], (one.code, column["name"])
            if value and column["datatype"] in {"decimal", "integer"}:
                Decimal(value)
            if value and column["datatype"] == "boolean":
                assert value in {"true", "false"}


@pytest.mark.django_db
def test_the_districts_are_geojson(client: Client, town: None) -> None:
    told = json.loads(read(client, "/data/districts.geojson"))
    assert told["type"] == "FeatureCollection"
    codes = {one["properties"]["code"] for one in told["features"]}
    assert {"leninsky", "sverdlovsky"} <= codes
    assert all(one["geometry"]["type"].endswith("Polygon") for one in told["features"])
    assert client.get("/data/units.geojson").status_code == 404


@pytest.mark.django_db
def test_a_draft_is_in_no_dataset(client: Client, writer: Actor) -> None:
    evil = Text("=1+1", "=1+1")
    number = services.write(article(title=evil), actor=writer, at=AT)
    assert table(client, "news") == []
    services.publish(number, actor=writer, at=AT)
    (row,) = table(client, "news")
    assert row["title_ru"] == "'=1+1"
    assert json.loads(read(client, "/data/news.json"))["rows"][0]["title_ru"] == "=1+1"


@pytest.mark.django_db
def test_a_file_that_did_not_change_is_not_sent_again(client: Client, writer: Actor) -> None:
    first = client.head("/data/units.csv")
    again = client.get("/data/units.csv", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    news = client.head("/data/news.csv")["ETag"]
    services.publish(services.write(article(), actor=writer, at=AT), actor=writer, at=AT)
    assert client.head("/data/news.csv", headers={"If-None-Match": news}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["ttl", "jsonld"])
def test_the_catalogue_is_dcat_as_the_profile_asks(client: Client, bishkek: Path, form: str) -> None:
    portal.load_pack(bishkek, actor="tests")
    made = Graph().parse(
        data=read(client, f"/data/catalogue.{form}"), format="turtle" if form == "ttl" else "json-ld"
    )
    is_right, _graph, said = validate(made, shacl_graph=Graph().parse(SHAPES), advanced=False)
    assert is_right, said
    datasets = set(made.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == len(DATASETS)
    for address in made.objects(None, DCAT.downloadURL):
        path = "/" + str(address).split("/", 3)[3]
        assert client.head(path).status_code == 200, path
    (catalogue,) = made.subjects(RDF.type, DCAT.Catalog)
    assert {one.language for one in made.objects(catalogue, DCTERMS.title)} == {"ru", "ky", "en"}
    assert not list(made.objects(None, DCTERMS.license)), "the city has stated no licence"
    assert list(made.objects(None, DCTERMS.rights))


@pytest.mark.django_db
def test_the_shapes_object_to_a_catalogue_that_lacks_what_the_profile_asks(client: Client) -> None:
    made = Graph().parse(data=read(client, "/data/catalogue.ttl"), format="turtle")
    made.remove((URIRef(str(next(made.subjects(RDF.type, DCAT.Catalog)))), DCTERMS.publisher, None))
    is_right, _graph, said = validate(made, shacl_graph=Graph().parse(SHAPES))
    assert not is_right
    assert "publisher" in said


def test_memory_does_not_grow_with_a_table() -> None:
    def peak(count: int) -> int:
        rows = lambda: (("x" * 200, number) for number in range(count))  # noqa: E731
        made = Dataset("big", "Big", "", (), (Column("a", "A"), Column("n", "N", "whole")), rows)
        tracemalloc.start()
        sent = make(made, "csv")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sent.size > 200 * count
        sent.file.close()
        return found

    assert peak(100_000) < 2 * peak(20_000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/data/nonsense/", "/data/nonsense.csv", "/data/units.pdf", "/data/units.x.json", "/data/catalogue.xml"],
)
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
