"""The base map of the city pack, and a full base map of a tiny invented place."""

from pathlib import Path

import pytest

from shaar.city.api import load_pack as load_city
from shaar.config.environment import ROOT
from shaar.maps.pack import load_pack

PACK = ROOT / "packs" / "bishkek"


@pytest.fixture
def base_map(db: None) -> Path:
    """Load the city and its generalised base map."""
    load_city(PACK, actor="pack:bishkek")
    load_pack(PACK, actor="pack:bishkek")
    return PACK
