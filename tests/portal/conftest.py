"""A small town with people who write for the portal."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from shaar.access import api as access
from shaar.access.api import Actor
from shaar.access.models import User
from shaar.city import api as city
from shaar.config.environment import ROOT
from shaar.kernel.texts import Text
from shaar.portal.news.services import Written

AT = datetime(2022, 10, 3, 6, 0, tzinfo=UTC)
PACK = ROOT / "packs" / "bishkek"


def article(**more: object) -> Written:
    """Return what an article may say."""
    said: dict[str, object] = {
        "kind": "news",
        "title": Text("Открыт парк (демо)", "Парк ачылды (демо)"),
        "body": Text("Посажено **двести** деревьев.", "**Эки жүз** дарак тигилди."),
        "day": date(2022, 10, 1),
        "unit": "city-hall",
    }
    return Written(**(said | more))  # type: ignore[arg-type]


@pytest.fixture
def town(db: None) -> None:
    """Load the units, districts and roles of the pack."""
    city.load_pack(PACK, actor="pack:bishkek", on=date(2021, 1, 1))
    access.load_roles(PACK, actor="pack:bishkek")


@pytest.fixture
def writer(town: None) -> Actor:
    """Return one who writes for every unit; `narrow` writes for one only."""
    by = access.system_actor("tests")
    for name, unit in (("writer", None), ("narrow", "tazalyk")):
        access.create_user(name, name=name, password="long-enough-2023", actor=by)
        access.assign_role(name, "programme_office", unit=unit, actor=by)
    return access.user_actor("writer")


@pytest.fixture
def desk(client: Client, writer: Actor) -> Client:
    """Return a client whom the writer has signed in."""
    user = User.objects.get(username="writer")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
