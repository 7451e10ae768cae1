"""Settings from the environment: what is accepted and what is refused."""

import stat
from pathlib import Path

import pytest

from shaar.config import environment
from shaar.config.environment import EnvironmentRefused
from shaar.config.secret_key import earlier_keys, secret_key


def test_a_word_out_of_the_list_is_refused() -> None:
    assert environment.name({}) == "development"
    assert environment.name({"SHAAR_ENV": "production"}) == "production"
    with pytest.raises(EnvironmentRefused, match="SHAAR_ENV must be one of"):
        environment.name({"SHAAR_ENV": "prod"})


@pytest.mark.parametrize("text", ["0", "65536", "80a", "-1", " 80", "٨٠"])
def test_a_number_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(EnvironmentRefused, match="SHAAR_PORT"):
        environment.integer("SHAAR_PORT", default=8000, low=1, high=65535, env={"SHAAR_PORT": text})


def test_a_number_is_read() -> None:
    assert environment.integer("SHAAR_PORT", default=8000, low=1, high=65535, env={"SHAAR_PORT": "80"}) == 80
    assert environment.integer("SHAAR_PORT", default=8000, low=1, high=65535, env={}) == 8000


def test_a_flag_is_one_or_nought() -> None:
    assert environment.flag("X", default=True, env={}) is True
    assert environment.flag("X", default=True, env={"X": "0"}) is False
    with pytest.raises(EnvironmentRefused):
        environment.flag("X", default=True, env={"X": "yes"})


def test_words_are_separated_by_commas() -> None:
    assert environment.words("X", default=["a"], env={}) == ["a"]
    assert environment.words("X", default=[], env={"X": "a.kg, b.kg"}) == ["a.kg", "b.kg"]
    with pytest.raises(EnvironmentRefused):
        environment.words("X", default=[], env={"X": "a,,b"})


def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    key = secret_key(tmp_path, production=False, env={})
    assert secret_key(tmp_path, production=False, env={}) == key
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_production_names_its_key(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentRefused, match="must be set in production"):
        secret_key(tmp_path, production=True, env={})
    with pytest.raises(EnvironmentRefused, match="50 characters"):
        secret_key(tmp_path, production=True, env={"SHAAR_SECRET_KEY": "short"})
    assert secret_key(tmp_path, production=True, env={"SHAAR_SECRET_KEY": "k" * 50}) == "k" * 50
    assert not list(tmp_path.iterdir())


def test_earlier_keys_are_words_of_full_length() -> None:
    assert earlier_keys(env={}) == []
    both = {"SHAAR_SECRET_KEY_FALLBACKS": f"{'a' * 50},{'b' * 50}"}
    assert earlier_keys(env=both) == ["a" * 50, "b" * 50]
    with pytest.raises(EnvironmentRefused, match="50 characters"):
        earlier_keys(env={"SHAAR_SECRET_KEY_FALLBACKS": f"{'a' * 50},short"})


def test_an_address_starts_with_its_scheme_and_ends_without_a_slash() -> None:
    assert (
        environment.address("A", default="x", env={"A": "https://shaar.example/"}) == "https://shaar.example"
    )
    with pytest.raises(environment.EnvironmentRefused, match="A must start with"):
        environment.address("A", default="shaar.example", env={})


def test_what_production_needs_is_named_together() -> None:
    environment.require("A", env={"A": "1"})
    with pytest.raises(EnvironmentRefused, match="A and B must be set in production"):
        environment.require("A", "B", "C", env={"A": "", "C": "1"})
