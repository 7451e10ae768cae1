"""The settings of the tests: those of Shaar, on a home directory of its own that is gone afterwards.

The process that starts the tests makes the directory; processes that tests start find it in the environment.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from shaar.config.database import remove_store
from shaar.config.translations import compile_stale_translations


def _remove(home: Path, owner: int) -> None:
    if os.getpid() == owner:
        remove_store(home)
        shutil.rmtree(home, ignore_errors=True)


def _make_home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="shaar-test-"))
    home.chmod(0o711)  # the account that runs PostgreSQL for root must get through
    atexit.register(_remove, home, os.getpid())
    return home


compile_stale_translations()
os.environ["SHAAR_ENV"] = "test"
os.environ["SHAAR_HOME"] = os.environ.setdefault("SHAAR_TEST_HOME", "") or str(_make_home())
os.environ["SHAAR_TEST_HOME"] = os.environ["SHAAR_HOME"]

from shaar.config.settings import *  # noqa: E402, F403 the settings read the environment set above
