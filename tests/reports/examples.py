"""A small snapshot with every kind of figure, for tests of rendering: a made-up town, not the pack."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from shaar.kernel.quantities import Qualifier
from shaar.kernel.texts import Text
from shaar.reports.snapshot import (
    Act,
    ChartPlan,
    Direction,
    Figure,
    Finding,
    PlannedMeasure,
    Snapshot,
    Source,
)  # fmt: skip

PIECE, KM, MONEY, PERCENT = (
    Text("шт.", "даана"),
    Text("км", "км"),
    Text("млн сомов", "млн сом"),
    Text("%", "%"),
)
TAKEN_AT = datetime(2023, 3, 1, 6, 0, tzinfo=UTC)
SOURCE = Source(kind="document", ref="report-2022", title="Отчёт за 2022 год", place="абзац 42, строка 42")

TEMPLATE = """\
# Отчёт о программе за {{ year }} год

Программа утверждена: {{ act("resolution-30") }}.

## {{ direction(1) }}

- {{ fig("light.led", verb="установлен")|capitalize }}, заменено {{ fig("light.replaced") }}.
- Сеть длиной {{ fig("light.network") }}; заявок: {{ fig("light.requests") }}.
- **Участников** {{ fig("culture.children", scale="thousand") }}, пропускают {{ fig("water.flow") }}.

### Бюджет

Доходы {{ fig("budget.income") }} при плане {{ fig("budget.plan") }}, или {{ fig("budget.percent") }}.

```chart income
```

| Показатель | Значение |
|---|--:|
| Доходы | {{ num("budget.income") }} |

## {{ direction(2) }}

{{ measures(direction=2) }}

```chart districts
```
"""
TEMPLATE_KY = """\
# {{ year }}-жыл үчүн программа боюнча отчёт

## {{ direction(1) }}

- {{ fig("light.led") }} орнотулду; сурамдар: {{ fig("light.requests") }}.

```chart income
```
"""


def figure(code: str, value: str | None, **more: Any) -> Figure:
    """Return a known figure of 2022; `value` None makes it missing."""
    state = "known" if value is not None else "missing"
    given: dict[str, Any] = {
        "indicator": code,
        "name": Text(f"Показатель {code}", f"{code} көрсөткүчү"),
        "period": "2022",
        "state": state,
        "unit": PIECE,
        "value": None if value is None else Decimal(value),
        "sources": (SOURCE,) if value is not None else (),
    }
    return Figure(**(given | more))


FIGURES = (
    figure("light.led", "10531", row="O01", noun=Text("светодиодный светильник", "жарык диоддуу чырак")),
    figure(
        "light.replaced", None, row="O06", state="disputed",
        qualifier=Qualifier.DISPUTED, as_written="1 1684", noun=Text("лампа", "лампа"), sources=(SOURCE,),
    ),
    figure("light.network", "150.6", row="O07", unit=KM, precision=1),
    figure("light.requests", None, row="O10", noun=Text("заявка", "сурам")),
    figure(
        "culture.children", "4000", row="S20", qualifier=Qualifier.AT_LEAST, as_written="более 4 тысяч",
        noun=Text("ребёнок", "бала"),
    ),
    figure(
        "water.flow", "45", upper=Decimal(50), row="Z07", qualifier=Qualifier.RANGE, as_written="45-50",
        unit=Text("л/с", "л/с"),
    ),
    figure("budget.income", "15420.6", row="M01", unit=MONEY, plan="budget.plan", precision=1),
    figure("budget.plan", "14719.8", row="M02", unit=MONEY, precision=1),
    figure("budget.percent", "104.8", row="M03", unit=PERCENT, precision=1),
    figure("safety.cameras_a", "222", row="B03", noun=Text("камера", "камера")),
    figure("safety.cameras_b", "851", row="B02", noun=Text("камера", "камера"), state="partial"),
)  # fmt: skip
FINDINGS = (
    Finding(
        key="parts:light.led:2022", rule="parts_total", outcome="finding", severity="error",
        indicators=("light.led",), period="2022", rows=("O01",),
        message=Text("Части дают 9 142, а итог 10 531."),
    ),
    Finding(
        key="expected:budget.percent:2022", rule="expected", outcome="confirmed", severity="notice",
        indicators=("budget.percent",), period="2022", message=Text("Процент верен."), rows=("M03",),
    ),
)  # fmt: skip


def snapshot(**more: Any) -> Snapshot:
    """Return the example, with some of its parts replaced."""
    given: dict[str, Any] = {
        "programme": "town-2026",
        "programme_name": Text("Программа города", "Шаардын программасы"),
        "author": Text("Мэрия города", "Шаардын мэриясы"),
        "year": 2022,
        "taken_at": TAKEN_AT,
        "figures": FIGURES,
        "findings": FINDINGS,
        "acts": (Act(code="resolution-30", name=Text("постановление от 26 мая 2022 года № 30")),),
        "directions": (
            Direction(number=1, name=Text("Городская среда", "Шаардык чөйрө")),
            Direction(number=2, name=Text("Управление", "Башкаруу")),
        ),
        "measures": (
            PlannedMeasure(
                code="m1", number="5", text=Text("Ввести систему [учёта]"), direction=2,
                responsible=(Text("Управление"),), status="executed",
            ),
        ),
        "charts": (
            ChartPlan(
                code="income", kind="plan_fact", title=Text("Доходы: план и факт"),
                indicators=("budget.income",),
            ),
            ChartPlan(
                code="districts", kind="tiles", title=Text("Камеры по районам"),
                indicators=("safety.cameras_a", "safety.cameras_b"), labels=(Text("А"), Text("Б")),
            ),
        ),
        "templates": {"ru": TEMPLATE, "ky": TEMPLATE_KY},
        "template_files": {"ru": "reports/annual.ru.md.j2", "ky": "reports/annual.ky.md.j2"},
    }  # fmt: skip
    return Snapshot(**(given | more))
