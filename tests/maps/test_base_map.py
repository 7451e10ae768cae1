"""The generalised base map that a city pack gives."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from shaar.kernel.errors import Refusal
from shaar.maps.models import BaseLayer
from shaar.maps.pack import FILES, check, load_pack, read_layers


def style(client: Client, **asked: str) -> dict[str, Any]:
    return json.loads(client.get(reverse("maps:style"), asked).content)


def write(directory: Path, content: object) -> Path:
    path = directory / FILES["water"]
    path.parent.mkdir(parents=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return directory


def test_the_layers_of_the_pack_are_sound_and_small(base_map: Path) -> None:
    assert list(check(base_map)) == []
    assert {layer.name for layer in read_layers(base_map)} == set(FILES)
    assert sum(len(layer.content.encode()) for layer in read_layers(base_map)) < 60_000


def test_every_street_place_and_river_has_its_name_in_both_languages(base_map: Path) -> None:
    for name in ("streets", "water", "places", "villages"):
        features = json.loads(BaseLayer.objects.get(name=name).content)["features"]
        named = [one["properties"] for one in features if "name_ru" in one["properties"]]
        assert named
        assert all(one["name_ky"] for one in named)


def test_a_layer_is_sent_with_its_tag_and_kept_for_a_year_by_its_exact_address(
    client: Client, base_map: Path
) -> None:
    address = style(client)["sources"]["streets"]["data"]
    answer = client.get(address)
    assert answer["Content-Type"] == "application/geo+json"
    assert "max-age=31536000" in answer["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age=300" in client.get(address.partition("?")[0])["Cache-Control"]


def test_an_unknown_layer_is_no_page(client: Client, base_map: Path) -> None:
    assert client.get(reverse("maps:base", args=["secrets"])).status_code == 404


def test_the_style_names_places_in_the_language_that_is_asked(client: Client, base_map: Path) -> None:
    for language in ("ru", "ky"):
        names = next(one for one in style(client, lang=language)["layers"] if one["id"] == "road-names")
        assert names["layout"]["text-field"][1] == ["get", f"name_{language}"]


def test_light_and_dark_differ_in_colours_only(client: Client, base_map: Path) -> None:
    light, dark = style(client), style(client, theme="dark")
    assert [one["id"] for one in light["layers"]] == [one["id"] for one in dark["layers"]]
    assert light["layers"][0]["paint"] != dark["layers"][0]["paint"]
    assert style(client, theme="pink", lang="xx") == light


def test_the_style_asks_for_nothing_outside_and_for_no_glyphs(client: Client, base_map: Path) -> None:
    made = style(client)
    assert "glyphs" not in made
    assert "sprite" not in made
    assert all(source["data"].startswith("/map/") for source in made["sources"].values())
    assert "OpenStreetMap" in made["metadata"]["attribution"]


def test_the_style_changes_its_tag_with_a_layer(client: Client, base_map: Path) -> None:
    address = reverse("maps:style")
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    BaseLayer.objects.filter(name="water").update(hash="0" * 64)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_layer_that_the_pack_no_longer_gives_is_dropped(base_map: Path, tmp_path: Path) -> None:
    given = {"attribution": "us", "features": []}
    load_pack(write(tmp_path, given), actor="pack:other")
    assert list(BaseLayer.objects.values_list("name", "attribution")) == [("water", "us")]


def point(*position: float) -> dict[str, Any]:
    return {"geometry": {"type": "Point", "coordinates": position}, "properties": {}}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "broken_layer"),
        ({"features": []}, "broken_layer"),
        ({"features": [], "attribution": " "}, "no_attribution"),
        ({"features": [point(74, 142)], "attribution": "us"}, "broken_layer"),
        ({"features": [{"geometry": {"type": "Blob"}}], "attribution": "us"}, "broken_layer"),
        ("9" * 1_000_001, "large_layer"),
    ],
)
def test_a_broken_layer_is_refused_with_its_file(tmp_path: Path, content: object, code: str) -> None:
    pack = write(tmp_path, content)
    with pytest.raises(Refusal) as refused:
        read_layers(pack)
    assert refused.value.code == code
    assert [FILES["water"] in line for line in check(pack)] == [True]


def test_the_database_refuses_a_layer_without_a_source(base_map: Path) -> None:
    with pytest.raises(IntegrityError, match="base_layer_names_its_source"), transaction.atomic():
        BaseLayer.objects.update(attribution="")
