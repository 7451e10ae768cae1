"""The portal's part of a city pack, `portal.yaml`: the tasks of citizens and the name of the app."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from shaar.kernel.yamlfile import Names, PackModel, load
from shaar.portal.models import Face

FILE, CODE = "portal.yaml", "city"


class Task(PackModel):
    """Something that a citizen may want to do, and the page where it is done."""

    page: Literal[
        "measures", "programme", "indicators", "report", "map", "findings", "search", "news", "contacts"
    ]
    title: Names
    about: Names


class Contact(PackModel):
    """How a unit is reached, as a public source states it; what is not stated is left out."""

    unit: str
    address: Names | None = None
    telephone: Annotated[str, Field(pattern=r"^\+?[0-9 ()-]{3,30}$")] | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None
    site: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    hours: Names | None = None
    source: Names


class Words(PackModel):
    """The file `portal.yaml`; a pack may leave it out."""

    name: Names = Text("Shaar")
    short: Names = Text("Shaar")
    question: Names | None = None
    lead: Names | None = None
    tasks: Annotated[tuple[Task, ...], Field(max_length=12)] = ()
    contacts: tuple[Contact, ...] = ()
    licence: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None


WORDS = TypeAdapter(Words)


def check(pack: Path) -> Iterator[str]:
    """Yield a line for each thing that is wrong with the words of the public pages."""
    try:
        read_words(pack)
    except Refusal as refusal:
        yield from (str(problem) for problem in refusal.problems)


def read_words(pack: Path) -> Words:
    """Read the words of a pack; raise Refusals that name file, line and field."""
    path = pack / FILE
    return load(path, Words) if path.exists() else Words()


def load_pack(pack: Path, *, actor: str) -> None:
    """Keep the words of a pack; doing it twice changes nothing."""
    given = WORDS.dump_python(read_words(pack), mode="json")
    kept = Face.objects.filter(code=CODE).first()
    if kept is None or kept.words != given:
        values = {"words": given, "loaded_at": clock.now(), "loaded_by": actor}
        Face.objects.update_or_create(code=CODE, defaults=values)


def kept_words() -> Words:
    """Return the words of the loaded pack, those of no pack where none is loaded."""
    kept = Face.objects.filter(code=CODE).first()
    return WORDS.validate_python(kept.words) if kept else Words()
