"""Shapes of territories: GeoJSON outside, WKB in WGS 84 in the database."""

from collections.abc import Iterable
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from shaar.city.models import TerritoryVersion

WGS84_BOUNDS = (-180.0, -90.0, 180.0, 90.0)


def geometries(version_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the GeoJSON geometries of territory versions that have one, by version id."""
    rows = TerritoryVersion.objects.filter(pk__in=list(version_ids), geometry__isnull=False)
    drawn = {row.pk: shapely.from_wkb(bytes(row.geometry or b"")) for row in rows.only("geometry")}
    return {number: dict(mapping(geometry)) for number, geometry in drawn.items()}


def wkb_of(geometry: dict[str, Any]) -> bytes:
    """Return a GeoJSON geometry as WKB; raises ValueError for one that is empty, broken or not in degrees."""
    try:
        drawn = shape(geometry)
    except (shapely.errors.ShapelyError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error
    if drawn.is_empty:
        raise ValueError("it is empty")
    if not drawn.is_valid:
        raise ValueError(shapely.is_valid_reason(drawn))
    low_x, low_y, high_x, high_y = drawn.bounds
    west, south, east, north = WGS84_BOUNDS
    if low_x < west or low_y < south or high_x > east or high_y > north:
        raise ValueError("its coordinates are not longitude and latitude")
    return bytes(shapely.to_wkb(drawn, output_dimension=2, byte_order=1))
