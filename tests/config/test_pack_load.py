"""The command `pack load`: what a working installation starts from."""

import argparse
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from shaar.access.models import User
from shaar.city import api as city
from shaar.config import cli_pack, pack
from shaar.config.console import CommandFailed
from shaar.config.environment import ROOT
from shaar.config.modules import find
from shaar.indicators import api as indicators
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.periods import Period

PACK = ROOT / "packs" / "bishkek"


def load(path: Path) -> int:
    return cli_pack.load(argparse.Namespace(pack=path))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACK, tmp_path / "bishkek"))


def cameras() -> Decimal | None:
    figure = indicators.values(["safety.cameras_total"], Period.year(2022))["safety.cameras_total"]
    return figure.quantity.value if figure.quantity else None


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_a_pack_is_loaded_without_demonstration_then_only_what_changed_in_it(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load(copied) == 0
    told = capsys.readouterr().out.splitlines()
    assert "ledger fact: 174 added" in told
    assert "city unit: 22 added" in told
    assert not User.objects.exists()
    assert cameras() == 1506
    assert load(copied) == 0
    assert capsys.readouterr().out == "Nothing has changed since this pack was loaded.\n"
    change(copied / "figures/2022.csv", ",1506,,exact,,", ",1507,,exact,,")
    assert load(copied) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == ["ledger fact: 2 added", "ledger reversal: 1 added", "programme loaded row: 1 changed"]
    assert cameras() == 1507


@pytest.mark.django_db(transaction=True)
def test_a_pack_that_the_check_refuses_is_not_loaded(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copied / "units.yaml", "parent: city-hall", "parent: moon")
    assert load(copied) == 1
    told = capsys.readouterr()
    assert re.search(r"units\.yaml:\d+ \S+: ", told.out.splitlines()[0])
    assert told.err.rstrip().endswith("nothing was loaded")
    assert city.units(on=Period.year(2022).end) == []


@pytest.mark.django_db(transaction=True)
def test_what_one_module_refuses_while_loading_leaves_nothing_of_the_others(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path, *, actor: str) -> None:
        place = Place(file=str(path / "acts.yaml"), line=3, field="acts[0].date")
        raise Refusal("refused", f"not for {actor}", place=place)

    doors = {name: find(name) for name in (*pack.CHECKS, *pack.LOADS)} | {pack.LOADS[-1]: refuse}
    monkeypatch.setattr(pack, "find", doors.get)
    assert load(copied) == 1
    told = capsys.readouterr()
    assert told.out == f"{copied}/acts.yaml:3 acts[0].date: not for pack:bishkek\n"
    assert city.units(on=Period.year(2022).end) == []


@pytest.mark.django_db
def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="is not a directory"):
        load(tmp_path / "nowhere")


def test_a_change_is_told_in_one_line() -> None:
    assert str(pack.Change("city unit", 2, 0, 1)) == "city unit: 2 added, 1 removed"
