"""A small city pack that tests change and load."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from shaar.city import api as city

SHAPE = {"type": "Polygon", "coordinates": [[[74.5, 42.8], [74.6, 42.8], [74.6, 42.9], [74.5, 42.8]]]}
Loader = Callable[..., None]


def content() -> dict[str, Any]:
    return {
        "units": [
            {"code": "hall", "kind": "city_hall", "name": {"ru": "Мэрия", "ky": "Мэрия"}},
            {
                "code": "lifts",
                "kind": "enterprise",
                "name": {"ru": "Бишкекгорлифт", "ky": "Бишкекшаарлифт"},
                "parent": "hall",
                "aliases": {"ru": ["МП «Горлифт»"], "ky": ["Көтөргүч"]},
            },
            {"code": "parks", "kind": "department", "name": {"ru": "Зелёное хозяйство"}, "parent": "hall"},
        ],
        "territories": [
            {"code": "town", "kind": "city", "name": {"ru": "Город"}},
            {"code": "north", "kind": "district", "name": {"ru": "Северный район"}, "parent": "town"},
        ],
        "calendar": {
            "working_week": [{"weekdays": [1, 2, 3, 4, 5], "hours": ["09:00-12:30", "13:30-18:00"]}],
            "days": [
                {"day": "2022-03-21", "working": False, "name": {"ru": "Нооруз"}},
                {"day": "2022-03-26", "working": True, "like_weekday": 1, "name": {"ru": "Перенос"}},
            ],
        },
    }


def write(directory: Path, pack: dict[str, Any]) -> Path:
    for name in ("units", "territories"):
        text = yaml.safe_dump({name: pack[name]}, allow_unicode=True, sort_keys=False)
        (directory / f"{name}.yaml").write_text(text)
    calendar = yaml.safe_dump(pack["calendar"], allow_unicode=True, sort_keys=False)
    (directory / "calendar.yaml").write_text(calendar)
    return directory


@pytest.fixture
def load(tmp_path: Path, db: None) -> Loader:
    """Return a function that writes a pack and loads it as of a day."""

    def run(pack: dict[str, Any], **options: Any) -> None:
        city.load_pack(write(tmp_path, pack), actor="pack:test", **options)

    return run
