"""Reading a city pack's YAML files into typed models, with every mistake told by file, line and field."""

from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import yaml
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from shaar.kernel.errors import Message, Place, Refusal, Refusals
from shaar.kernel.texts import Text

LARGEST = 20_000_000
ModelT = TypeVar("ModelT", bound=BaseModel)
Path_: TypeAlias = tuple[str | int, ...]


class PackModel(BaseModel):
    """Base of every pack schema: unknown fields are mistakes, values are not silently converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _NamesModel(PackModel):
    ru: Annotated[str, Field(min_length=1)]
    ky: str = ""
    en: str = ""


def _text(value: object) -> Text:
    if isinstance(value, Text):
        return value
    names = _NamesModel.model_validate(value)
    return Text(names.ru, names.ky, names.en)


Names = Annotated[Text, BeforeValidator(_text)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.\-]*$", max_length=120)]


class Lines:
    """The line on which each key and item of a YAML document stands."""

    def __init__(self) -> None:
        self._lines: dict[Path_, int] = {}

    def put(self, path: Path_, line: int) -> None:
        """Remember the line of a path into the document."""
        self._lines[path] = line

    def of(self, path: Path_) -> int:
        """Return the line of the deepest known part of a path, counted from 1."""
        for length in range(len(path), -1, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1


def load(path: Path, model: type[ModelT]) -> ModelT:
    """Read a YAML file into a model; raise Refusals whose places name file, line and field."""
    data, lines = read(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Refusals(refusal(path, lines, dict(problem)) for problem in error.errors()) from error


def read(path: Path) -> tuple[Any, Lines]:
    """Read a YAML file as plain data and the lines it stands on; raise Refusal for unreadable YAML."""
    try:
        if path.stat().st_size > LARGEST:
            message = _("The file is too large for a pack.")
            raise Refusal("file_too_large", message, place=Place(file=str(path)))
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except FileNotFoundError as error:
        raise Refusal("file_missing", _("The file is missing."), place=Place(file=str(path))) from error
    except UnicodeDecodeError as error:
        raise Refusal("not_utf8", _("The file is not UTF-8 text."), place=Place(file=str(path))) from error
    except yaml.YAMLError as error:
        raise _broken(path, error) from error
    lines = Lines()
    if node is None:
        return None, lines
    return _plain(node, (), lines, path, yaml.CSafeLoader(text)), lines


def place(path: Path, lines: Lines, *keys: str | int) -> Place:
    """Return the place of a path into a document, for a check made after loading."""
    return Place(file=str(path), line=lines.of(keys), field=_field(keys))


def _broken(path: Path, error: yaml.YAMLError) -> Refusal:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else None
    problem = getattr(error, "problem", error)
    message = str(_("This is not readable YAML: %(problem)s.")) % {"problem": problem}
    return Refusal("broken_yaml", message, place=Place(file=str(path), line=line))


def _plain(node: yaml.Node, keys: Path_, lines: Lines, path: Path, loader: yaml.CSafeLoader) -> Any:
    lines.put(keys, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, keys, lines, path, loader)
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_plain(item, (*keys, index), lines, path, loader) for index, item in items]
    return loader.construct_object(node, deep=True)


def _mapping(
    node: yaml.MappingNode, keys: Path_, lines: Lines, path: Path, loader: yaml.CSafeLoader
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        where = Place(file=str(path), line=key_node.start_mark.line + 1, field=_field((*keys, key)))
        if key in found:
            raise Refusal("repeated_key", _("This key stands twice."), place=where)
        found[key] = _plain(value_node, (*keys, key), lines, path, loader)
        lines.put((*keys, key), key_node.start_mark.line + 1)
    return found


MESSAGES: dict[str, Message] = {
    "missing": _("This field is missing."),
    "extra_forbidden": _("There is no such field here."),
    "enum": _("Write one of %(expected)s."),
    "literal_error": _("Write one of %(expected)s."),
    "string_pattern_mismatch": _("This is not written as it must be (%(pattern)s)."),
    "string_too_short": _("This field is empty."),
    "string_too_long": _("This text is longer than %(max_length)s characters."),
    "string_type": _("A text is expected here."),
    "decimal_parsing": _("A number is expected here."),
    "decimal_type": _("A number is expected here."),
    "int_parsing": _("A whole number is expected here."),
    "int_type": _("A whole number is expected here."),
    "bool_parsing": _("Write true or false."),
    "date_from_datetime_parsing": _("Write a date as 2022-12-31."),
    "date_parsing": _("Write a date as 2022-12-31."),
    "date_type": _("Write a date as 2022-12-31."),
    "tuple_type": _("A list is expected here."),
    "list_type": _("A list is expected here."),
    "dict_type": _("Names with values are expected here."),
    "model_type": _("Names with values are expected here."),
}


def refusal(path: Path, lines: Lines, problem: dict[str, Any]) -> Refusal:
    """Return what pydantic found as a Refusal in the reader's language, with its place."""
    keys: Path_ = tuple(key for key in problem["loc"] if not _is_union_tag(key))
    context = {name: str(value).replace(" or ", ", ") for name, value in problem.get("ctx", {}).items()}
    known = MESSAGES.get(problem["type"])
    message = (
        str(known) % context if known else str(_("This does not fit: %(why)s")) % {"why": problem["msg"]}
    )
    return Refusal(f"pack_{problem['type']}", message, place=place(path, lines, *keys))


def _is_union_tag(key: str | int) -> bool:
    return isinstance(key, str) and ("[" in key or key in {"str", "int", "decimal", "date"})


def _field(keys: Path_) -> str:
    written = ""
    for key in keys:
        written += f"[{key}]" if isinstance(key, int) else f".{key}" if written else key
    return written
