"""What the style bans is found by ruff, and nothing in the sources does it."""

import subprocess
import sys

import pytest

from tests.architecture.sources import PACKAGE, ROOT

BANNED = {
    "looking a model up": ("from django.apps import apps\napps.get_model('ledger', 'Fact')\n", "TID251"),
    "a signal": ("from django.db.models.signals import post_save\npost_save.connect(print)\n", "TID251"),
    "a receiver": ("from django.dispatch import receiver\nreceiver\n", "TID251"),
    "waiting for the commit": ("from django.db import transaction\ntransaction.on_commit(len)\n", "TID251"),
    "waiting by the connection": ("from django.db import connection\nconnection.on_commit(len)\n", "TID251"),
    "safe markup": ("from django.utils.safestring import mark_safe\nmark_safe\n", "TID251"),
    "a naive time": ("from datetime import datetime\ndatetime.now()\n", "DTZ005"),
    "a naive time of UTC": ("from datetime import datetime\ndatetime.utcnow()\n", "DTZ003"),
    "a naive day": ("from datetime import date\ndate.today()\n", "DTZ011"),
    "printing": ("print('here')\n", "T201"),
    "eval": ("eval('1')\n", "S307"),
    "exec": ("exec('1')\n", "S102"),
    "a bare except": ("try:\n    len\nexcept Exception:\n    len\n", "BLE001"),
    "a relative import": ("from . import models\nmodels\n", "TID252"),
}


def ruff(place: str, text: str) -> str:
    """Return what ruff says of a text as if it stood at this place."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]
    command += ["--stdin-filename", place, "-"]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(("text", "rule"), BANNED.values(), ids=BANNED)
def test_ruff_finds_what_is_banned(text: str, rule: str) -> None:
    assert rule in ruff("src/shaar/ledger/services.py", f'"""A sample."""\n\n{text}')


def test_commands_print_and_the_interface_marks_markup() -> None:
    assert "T201" not in ruff("src/shaar/ledger/commands.py", "print('here')\n")
    sample = "from django.utils.safestring import mark_safe\nmark_safe\n"
    assert "TID251" not in ruff("src/shaar/ui/components.py", sample)


def unescaped(text: str) -> bool:
    """Whether a template shows something without escaping it."""
    return "|safe" in text.replace(" ", "") or "{%autoescapeoff" in text.replace(" ", "")


def test_templates_escape_what_they_show() -> None:
    assert unescaped("{{ text | safe }}")
    assert unescaped("{% autoescape off %}")
    assert not unescaped("{{ text }}")
    found = [path for path in PACKAGE.glob("*/templates/**/*.html") if unescaped(path.read_text())]
    assert [path for path in found if PACKAGE / "ui" not in path.parents] == []
