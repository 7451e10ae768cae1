"""The command line: exit codes, one-line errors, the demonstration, the pack, the translations."""

import argparse
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from shaar.config import cli, cli_serve, demo, modules, pack
from shaar.config.console import CommandFailed
from shaar.config.proxy import client_address
from shaar.config.translations import compile_stale_translations


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = os.environ | environment
    return subprocess.run(
        [sys.executable, "-m", "shaar", *words], capture_output=True, text=True, env=surroundings, check=False
    )


def test_a_misused_command_line_ends_with_two() -> None:
    assert command("no-such-command").returncode == 2
    assert command().returncode == 2


def test_a_failure_is_one_line_without_a_traceback() -> None:
    done = command("bench", "no-such-benchmark")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("shaar: there is no benchmark no-such-benchmark")
    assert done.stderr.count("\n") == 1


def test_debug_shows_the_traceback() -> None:
    assert "Traceback" in command("bench", "no-such-benchmark", "--debug").stderr


@pytest.mark.parametrize("words", [["demo", "--no-serve"], ["simulate", "--days", "3"]])
def test_what_is_invented_is_refused_in_production(words: list[str]) -> None:
    done = command(*words, SHAAR_ENV="production")
    assert done.returncode == 1
    assert "refused in production" in done.stderr


def test_production_starts_only_with_its_names_and_its_key() -> None:
    words = ("manage", "check")
    named = {
        "DJANGO_SETTINGS_MODULE": "shaar.config.settings",
        "SHAAR_ENV": "production",
        "SHAAR_SECRET_KEY": "k" * 50,
        "DATABASE_URL": "postgresql://127.0.0.1:1/x",
    }
    refused = command(*words, **named)
    assert refused.stderr == "shaar: SHAAR_HOSTS and SHAAR_PUBLIC_URL must be set in production\n"
    named |= {"SHAAR_HOSTS": "shaar.example", "SHAAR_PUBLIC_URL": "https://shaar.example"}
    assert command(*words, **named).returncode == 0
    refused = command(*words, **named | {"SHAAR_SECRET_KEY": ""})
    assert refused.stderr == "shaar: SHAAR_SECRET_KEY must be set in production\n"


@pytest.mark.parametrize(("kind", "is_required"), [("production", "True"), ("development", "False")])
def test_production_needs_a_second_factor_whatever_is_set(kind: str, is_required: str) -> None:
    named = {
        "DJANGO_SETTINGS_MODULE": "shaar.config.settings",
        "SHAAR_ENV": kind,
        "SHAAR_SECRET_KEY": "k" * 50,
        "SHAAR_HOSTS": "shaar.example",
        "SHAAR_PUBLIC_URL": "https://shaar.example",
        "SHAAR_SECOND_FACTOR": "0",
        "DATABASE_URL": "postgresql://127.0.0.1:1/x",
    }
    told = command("manage", "diffsettings", **named).stdout
    assert f"SECOND_FACTOR_REQUIRED = {is_required}" in told


@pytest.mark.parametrize(
    ("told", "behind_proxy", "address"),
    [
        ("", True, "10.0.0.7"),
        ("203.0.113.9", False, "10.0.0.7"),
        ("203.0.113.9", True, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", True, "203.0.113.9"),
        ("198.51.100.1, nobody", True, "10.0.0.7"),
    ],
)
def test_only_the_proxy_is_believed_about_who_asks(
    settings: Any, told: str, behind_proxy: bool, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR=told)
    assert client_address(request) == address


def test_an_unexpected_failure_says_how_to_see_more() -> None:
    assert cli.one_line(ValueError("two\nlines")) == "two lines (run again with --debug to see where)"
    assert cli.one_line(KeyError()).startswith("KeyError")
    assert cli.one_line(CommandFailed("do this")) == "do this"


def test_a_door_that_does_not_exist_yet_is_none_and_a_broken_one_raises() -> None:
    assert modules.find("shaar.config.no_such_file:load") is None
    assert modules.find("shaar.config.cli:main") is cli.main
    with pytest.raises(AttributeError):
        modules.find("shaar.config.cli:no_such_function")


LOADED: list[Path] = []


def load_sample(path: Path) -> Sequence[str]:
    """Stand in for a step of the demonstration."""
    LOADED.append(path)
    return ["user: akim"]


def check_sample(path: Path) -> Iterator[str]:
    """Stand in for a check of a pack."""
    yield f"{path.name}/units.yaml: no unit"


def test_the_demonstration_runs_the_steps_that_exist(tmp_path: Path) -> None:
    steps = ["shaar.city.no_such_file:load", f"{__name__}:load_sample"]
    assert list(demo.load_demo(tmp_path, steps)) == ["user: akim"]
    assert tmp_path in LOADED


def test_a_pack_is_checked_by_every_module(tmp_path: Path) -> None:
    assert list(pack.check_pack(tmp_path, [f"{__name__}:check_sample"])) == [
        f"{tmp_path.name}/units.yaml: no unit"
    ]
    with pytest.raises(CommandFailed, match="not a directory"):
        list(pack.check_pack(tmp_path / "nowhere", []))


def test_pack_check_needs_no_database(tmp_path: Path) -> None:
    done = command("pack", "check", str(tmp_path / "nowhere"), DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert done.returncode == 1
    assert "is not a directory" in done.stderr


def test_a_translation_is_compiled_when_its_source_changed(tmp_path: Path) -> None:
    source = tmp_path / "locale/ky/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "City"\nmsgstr "Шаар"\n'
    )
    assert compile_stale_translations(tmp_path) == [source.with_suffix(".mo")]
    assert "Шаар".encode() in source.with_suffix(".mo").read_bytes()
    assert compile_stale_translations(tmp_path) == []


def test_a_server_that_dies_takes_the_others_with_it() -> None:
    dies = [sys.executable, "-c", "pass"]
    stays = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert cli_serve.supervise([dies, stays], pause=0.01) == 1


def test_the_server_has_one_thread_in_each_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHAAR_HOST", raising=False)
    words = cli_serve.server_command(8001, workers=3)
    options = dict(itertools.pairwise(words))
    assert options["--blocking-threads"] == "1"
    assert options["--workers"] == "3"
    assert options["--host"] == "127.0.0.1"


def test_every_command_explains_itself() -> None:
    parser = cli.build_parser()
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    explained = {choice.dest for choice in commands._choices_actions}
    assert {"setup", "demo", "test", "serve", "worker", "pack", "bench", "backup", "restore"} <= explained
    assert set(commands.choices) == explained
