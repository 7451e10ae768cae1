"""What the sheets and columns of a plan's workbook are, in every language in which it may come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from shaar.kernel.texts import Text
from shaar.programme.models import NodeKind

VERSION = 1
STAMP = "shaar"
FIRST_ROW = 3
LANGUAGES = ("ru", "ky", "en")
NO_HINT = Text("")
GUIDE = Text("Инструкция", "Нускама", "Guide")
REFERENCE = Text("Справочник", "Маалымдама", "Reference")


class Kind(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    CODES = "codes"
    BRANCH = "branch"
    WHOLE = "whole"
    YEAR = "year"
    AMOUNT = "amount"
    VALUE = "value"
    PERIOD = "period"
    CURRENCY = "currency"


NUMBERS = frozenset({Kind.WHOLE, Kind.YEAR, Kind.AMOUNT, Kind.VALUE})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its stable key, what is written over it, and how its cells are filled in."""

    key: str
    title: Text
    kind: Kind = Kind.TEXT
    width: int = 16
    longest: int = 32_000
    hint: Text = NO_HINT
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its stable key, its title, its columns, and those that tell its rows apart."""

    key: str
    title: Text
    columns: tuple[Column, ...]
    identity: tuple[str, ...]

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return next(one for one in self.columns if one.key == key)


CODE_HINT = Text(
    "Латинские буквы, цифры и дефис. Код не меняется.",
    "Латын тамгалары, сандар жана дефис. Код өзгөрбөйт.",
    "Latin letters, figures and hyphens. A code never changes.",
)
PERIOD_HINT = Text(
    "Например 2023, 2023-H1, 2023-Q2 или 2023-01-01/2025-12-31.",
    "Мисалы 2023, 2023-H1, 2023-Q2 же 2023-01-01/2025-12-31.",
    "For example 2023, 2023-H1, 2023-Q2 or 2023-01-01/2025-12-31.",
)
UNITS_HINT = Text(
    "Коды или названия подразделений через точку с запятой; они есть в справочнике.",
    "Бөлүмдөрдүн коддору же аталыштары чекиттүү үтүр аркылуу; алар маалымдамада бар.",
    "Codes or names of units, with semicolons between; the reference sheet has them.",
)
NUMBER_HINT = Text("Число: 1506 или 150,6.", "Сан: 1506 же 150,6.", "A number: 1506 or 150.6.")
MEASURE_CODE = Text("Код мероприятия", "Иш-чаранын коду", "Code of the measure")
INDICATOR_CODE = Text("Код показателя", "Көрсөткүчтүн коду", "Code of the indicator")


def _text(key: str, ru: str, ky: str, en: str, *, width: int = 50) -> Column:
    return Column(key, Text(ru, ky, en), width=width)


def _in_languages(key: str, names: tuple[str, str, str], *, languages: str = "ru ky en") -> Iterator[Column]:
    """Yield the columns of a text in several languages; their titles name the language."""
    words = {
        "ru": ("на русском", "орусча", "in Russian"),
        "ky": ("на кыргызском", "кыргызча", "in Kyrgyz"),
        "en": ("на английском", "англисче", "in English"),
    }
    for language in languages.split():
        titles = (f"{name} {word}" for name, word in zip(names, words[language], strict=True))
        yield _text(f"{key}_{language}", *titles)


MEASURE = Column("measure", MEASURE_CODE, width=26, longest=120, hint=CODE_HINT, is_required=True)
INDICATOR = Column("indicator", INDICATOR_CODE, width=34, longest=120, is_required=True)
NOTE = ("Примечание", "Эскертүү", "Note")
NODES = Sheet(
    "nodes",
    Text("Разделы плана", "Пландын бөлүмдөрү", "Branches of the plan"),
    (
        Column("code", Text("Код", "Код", "Code"), width=20, longest=120, hint=CODE_HINT, is_required=True),
        Column("kind", Text("Вид", "Түрү", "Kind"), Kind.BRANCH, is_required=True),
        Column("parent", Text("Код раздела выше", "Жогорку бөлүмдүн коду", "Code of the branch above"),
               width=24, longest=120),
        Column("number", Text("Номер", "Номери", "Number"), Kind.WHOLE, width=10, is_required=True),
        *_in_languages("name", ("Название", "Аталышы", "Name")),
    ),
    ("code",),
)  # fmt: skip
MEASURES = Sheet(
    "measures",
    Text("Мероприятия", "Иш-чаралар", "Measures"),
    (
        Column("code", MEASURE_CODE, width=26, longest=120, hint=CODE_HINT, is_required=True),
        Column("number", Text("Номер в плане", "Пландагы номери", "Number in the plan"),
               width=12, longest=40),
        Column("node", Text("Код раздела плана", "Пландын бөлүмүнүн коду", "Code of the branch"),
               width=20, longest=120, is_required=True),
        *_in_languages("text", ("Текст", "Текст", "Text")),
        Column("period", Text("Период", "Мезгил", "Period"), Kind.PERIOD, 24, 40, PERIOD_HINT, True),
        Column("responsible", Text("Ответственные", "Жооптуулар", "Responsible"),
               Kind.CODES, 30, hint=UNITS_HINT),
        Column("co_responsible", Text("Соисполнители", "Кошо аткаруучулар", "Co-responsible"),
               Kind.CODES, 30, hint=UNITS_HINT),
        *_in_languages("expected", ("Ожидаемый результат", "Күтүлгөн натыйжа", "Expected result")),
        *_in_languages("note", NOTE, languages="ru ky"),
    ),
    ("code",),
)  # fmt: skip
FUNDING = Sheet(
    "funding",
    Text("Финансирование", "Каржылоо", "Funding"),
    (
        MEASURE,
        Column("source", Text("Источник", "Булагы", "Source"), width=40, longest=120, is_required=True),
        Column("year", Text("Год", "Жылы", "Year"), Kind.YEAR, 10, is_required=True),
        Column("amount", Text("Сумма", "Суммасы", "Amount"), Kind.AMOUNT, 20, hint=NUMBER_HINT,
               is_required=True),
        Column("currency", Text("Валюта", "Валюта", "Currency"), Kind.CURRENCY, 10, is_required=True),
    ),
    ("measure", "source", "year", "currency"),
)  # fmt: skip
INDICATORS = Sheet(
    "indicators",
    Text("Показатели", "Көрсөткүчтөр", "Indicators"),
    (
        MEASURE,
        INDICATOR,
        Column("baseline", Text("Исходное значение", "Баштапкы маани", "Baseline"), Kind.VALUE, 20,
               hint=NUMBER_HINT),
        Column("baseline_period", Text("Период исходного значения", "Баштапкы маанинин мезгили",
               "Period of the baseline"), Kind.PERIOD, 24, 40, PERIOD_HINT),
    ),
    ("measure", "indicator"),
)  # fmt: skip
TARGETS = Sheet(
    "targets",
    Text("Целевые значения", "Максаттуу маанилер", "Targets"),
    (
        MEASURE,
        INDICATOR,
        Column("period", Text("Период", "Мезгил", "Period"), Kind.PERIOD, 24, 40, PERIOD_HINT, True),
        Column("value", Text("Целевое значение", "Максаттуу маани", "Target"), Kind.VALUE, 20,
               hint=NUMBER_HINT, is_required=True),
        *_in_languages("note", NOTE, languages="ru ky"),
    ),
    ("measure", "indicator", "period"),
)  # fmt: skip
SHEETS = (NODES, MEASURES, FUNDING, INDICATORS, TARGETS)
BRANCHES = {
    NodeKind.GOAL.value: Text("цель", "максат", "goal"),
    NodeKind.DIRECTION.value: Text("направление", "багыт", "direction"),
    NodeKind.TASK.value: Text("задача", "милдет", "task"),
}
GUIDE_LINES = (
    Text(
        "В этой книге весь план программы в последней редакции. Она же загружается обратно.",
        "Бул китепте программанын акыркы редакциядагы бүткүл планы бар. Ушул эле китеп кайра жүктөлөт.",
        "This workbook holds the whole plan in its newest revision. The same workbook is uploaded again.",
    ),
    Text(
        "Чего нет в книге, того не будет в новой редакции: мероприятие без строки отменяется.",
        "Китепте жок нерсе жаңы редакцияда да болбойт: сабы жок иш-чара жокко чыгарылат.",
        "What is not in the workbook will not be in the new revision: a measure without a row is cancelled.",
    ),
    Text(
        "Разделы плана можно добавлять и переименовывать; удалять и переносить их нельзя.",
        "Пландын бөлүмдөрүн кошууга жана атын өзгөртүүгө болот; өчүрүүгө жана жылдырууга болбойт.",
        "Branches of the plan can be added and renamed; they cannot be removed or moved.",
    ),
    Text(
        "Строки можно добавлять, удалять и сортировать. Столбцы узнаются по скрытой первой строке.",
        "Саптарды кошууга, өчүрүүгө жана иреттөөгө болот. Мамычалар жашырылган биринчи саптан таанылат.",
        "Rows can be added, removed and sorted. Columns are known by the hidden first row.",
    ),
    Text(
        "Числа пишутся числами, без формул. Периоды: 2023, 2023-H1, 2023-Q2, 2023-07, 2023-01-01/2025-12-31.",
        "Сандар формуласыз, сан менен жазылат. Мезгилдер: 2023, 2023-H1, 2023-Q2, 2023-07, "
        "2023-01-01/2025-12-31.",
        "Numbers are written as numbers, without formulas. Periods: 2023, 2023-H1, 2023-Q2, 2023-07, "
        "2023-01-01/2025-12-31.",
    ),
    Text(
        "Коды подразделений и показателей стоят на листе «Справочник».",
        "Бөлүмдөрдүн жана көрсөткүчтөрдүн коддору «Маалымдама» барагында турат.",
        "The codes of units and indicators stand on the sheet “Reference”.",
    ),
)
