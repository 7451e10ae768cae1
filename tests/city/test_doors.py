"""The doors answer over a hand-made city."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from shaar.city import api, models
from shaar.kernel.errors import Refusal

pytestmark = pytest.mark.django_db


def test_a_unit_is_found_under_its_parent() -> None:
    hall = models.Unit.objects.create(code="hall")
    dep = models.Unit.objects.create(code="dep")
    always = DateRange(None, None)
    models.UnitVersion.objects.create(unit=hall, kind="city_hall", name_ru="Мэрия", valid=always)
    models.UnitVersion.objects.create(
        unit=dep, kind="department", name_ru="Управление", parent=hall, valid=always
    )
    assert api.unit_subtree("hall", on=date(2022, 1, 1)) == {"hall", "dep"}
    with pytest.raises(Refusal):
        api.unit("x", on=date(2022, 1, 1))
