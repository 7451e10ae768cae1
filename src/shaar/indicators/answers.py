"""What people answer to findings: kept by the finding's stable key, never changed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from shaar.access.api import Actor, check
from shaar.indicators.models import Answer
from shaar.indicators.outcomes import AnswerView, Finding, Outcome
from shaar.indicators.permissions import ANSWER
from shaar.kernel.errors import Refusal

LONGEST = 4000


def answer(key: str, *, actor: Actor, at: datetime, text: str) -> None:
    """Write an answer; raise Refusal `forbidden`, `answer_empty` or `answer_too_long`."""
    check(actor, ANSWER)
    said = text.strip()
    if not said:
        raise Refusal("answer_empty", _("Write what you answer."))
    if len(said) > LONGEST:
        raise Refusal("answer_too_long", _("The answer is longer than %(limit)d signs.") % {"limit": LONGEST})
    Answer.objects.create(key=key, text=said, author_id=actor.id, author_name=actor.name, at=at)


def with_answers(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with their answers, oldest first; one query."""
    listed = list(findings)
    keys = [finding.key for finding in listed if finding.outcome is Outcome.FINDING]
    found: dict[str, list[AnswerView]] = {}
    if keys:
        for row in Answer.objects.filter(key__in=keys).order_by("at", "id"):
            found.setdefault(row.key, []).append(AnswerView(row.text, row.author_name, row.at))
    return [replace(one, answers=tuple(found[one.key])) if one.key in found else one for one in listed]
