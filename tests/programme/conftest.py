"""The Bishkek pack, whole or with a change, for tests of programmes."""

import shutil
from pathlib import Path

import pytest

from shaar.access import api as access
from shaar.city import api as city
from shaar.config.environment import ROOT
from shaar.indicators import api as indicators
from shaar.programme import api

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
