"""The regulations of a pack, `ratings/*.yaml`: checked, and kept by versions."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.errors import Refusal, refuse_all
from shaar.kernel.yamlfile import read as read_yaml
from shaar.ratings import regulation
from shaar.ratings.models import Regulation


def check(pack: Path) -> Iterator[str]:
    """Yield a line for each thing that is wrong with the regulations of a pack, with its place."""
    try:
        found = regulation.read_pack(pack)
    except Refusal as refusal:
        yield from (str(one) for one in refusal.problems)
        return
    units, codes = _codes(pack / "units.yaml", "units"), set()
    for path in (pack / "indicators").glob("*.yaml"):
        codes |= _codes(path, "indicators")
    for path, one in found:
        yield from (str(fault) for fault in regulation.faults(one, path, units=units, indicators=codes))


def _codes(path: Path, key: str) -> set[str]:
    data, _lines = read_yaml(path)
    listed = data.get(key, []) if isinstance(data, dict) else []
    return {str(one.get("code")) for one in listed if isinstance(one, dict)}


def load_pack(pack: Path, *, actor: str) -> None:
    """Keep the regulations of a pack; one that has changed becomes a new version. Raises Refusals."""
    known = {passport.code for passport in indicators.passports()}
    for path, one in regulation.read_pack(pack):
        refuse_all(list(regulation.faults(one, path, units=None, indicators=known)))
        keep(one, actor=actor)


def keep(one: regulation.Regulation, *, actor: str) -> Regulation:
    """Keep a regulation; the newest version is returned where nothing has changed."""
    text = one.model_dump_json()
    digest = hashlib.sha256(text.encode()).hexdigest()
    newest = Regulation.objects.filter(code=one.code).order_by("-version").first()
    if newest is not None and newest.sha256 == digest:
        return newest
    return Regulation.objects.create(
        code=one.code, version=newest.version + 1 if newest else 1, document=text, sha256=digest,
        valid_from=one.valid_from, is_example=one.is_example, loaded_at=clock.now(), loaded_by=actor,
    )  # fmt: skip
