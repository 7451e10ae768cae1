"""The Bishkek pack, whole or with a change, for tests of programmes."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shaar.access import api as access
from shaar.city import api as city
from shaar.config.environment import ROOT
from shaar.indicators import api as indicators
from shaar.programme import api, reporting, services

BISHKEK = ROOT / "packs" / "bishkek"


@pytest.fixture
def pack(tmp_path: Path, db: None) -> Path:
    """Return a copy of the Bishkek pack whose units and indicators are loaded, and whose programme is not."""
    copy = tmp_path / "bishkek"
    shutil.copytree(BISHKEK, copy)
    city.load_pack(copy, actor="pack:bishkek")
    indicators.load_pack(copy, actor="pack:bishkek")
    access.load_roles(copy, actor="pack:bishkek")
    return copy


@pytest.fixture
def bishkek(pack: Path) -> Path:
    """Return the pack with its programme loaded."""
    api.load_pack(pack, actor="pack:bishkek")
    return pack


AT = datetime(2023, 1, 3, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class People:
    """A reporter and a head of the lift enterprise, and the programme's office."""

    reporter: access.Actor
    head: access.Actor
    office: access.Actor


@pytest.fixture
def people(bishkek: Path) -> People:
    made = {}
    for name, role, unit in (
        ("reporter", "reporter", "bishkekgorlift"),
        ("head", "unit_head", "bishkekgorlift"),
        ("office", "programme_office", None),
    ):
        by = access.system_actor("test")
        access.create_user(name, name=name, password="long-enough-2023", actor=by)
        access.assign_role(name, role, unit=unit, actor=by)
        made[name] = access.user_actor(name)
    return People(**made)


@pytest.fixture
def report(people: People) -> int:
    """Return the open report of the lift enterprise for the last quarter of 2022."""
    opened = services.open_round("bishkek-2026", "2022-Q4", actor=people.office, at=AT)
    return next(one.id for one in reporting.reports_of(opened.id) if one.unit == "bishkekgorlift")
