"""What happens to a case and whom it is told to."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from shaar.access.api import Actor, can, deputies, people, people_named, users_with
from shaar.cases.models import Case, Event
from shaar.cases.notices.kinds import ASSIGNED, MENTIONED, OVERDUE, RETURNED, TOMORROW
from shaar.cases.notices.telling import notify
from shaar.cases.workflows import workflow
from shaar.kernel import clock
from shaar.kernel.texts import LANGUAGES, Text

MENTION = re.compile(r"(?<![\w@])@([\w.+-]{1,60})")
MOST_NAMED = 20


def assigned(case: Case, line: Event, *, actor: Actor) -> None:
    """Tell a person that a case is given to them, unless they took it themselves."""
    if case.assignee_id is not None and case.assignee_id != actor.id:
        _tell(case, case.assignee_id, ASSIGNED, said(_("Given to you: %(title)s"), case), line)


def returned(case: Case, line: Event, *, actor: Actor) -> None:
    """Tell who sent the case on last, who made it and put it right, and who has it, that it comes back."""
    again = [one.code for one in workflow(case.workflow).leaving(line.target)]
    moved = Event.objects.filter(case=case, kind="moved", pk__lt=line.pk).order_by("-pk")
    whose = moved.values_list("actor_id", flat=True)
    senders = whose.filter(target=line.source).first(), whose.filter(transition__in=again).first()
    for person in sorted({one for one in (*senders, case.assignee_id) if one and one != actor.id}):
        _tell(case, person, RETURNED, said(_("Returned with a remark: %(title)s"), case), line)


def mentioned(case: Case, line: Event, *, actor: Actor) -> None:
    """Tell the people whom a comment names as @user, if they may any step of the case."""
    names = sorted(set(MENTION.findall(line.text)))[:MOST_NAMED]
    verbs = {one.verb for one in workflow(case.workflow).transitions}
    for person in people_named(names) if names else ():
        who = Actor(person.id, person.name, "user")
        if person.id != actor.id and _may(who, verbs, case):
            _tell(case, person.id, MENTIONED, said(_("You are named in a comment: %(title)s"), case), line)


def overdue(case: Case, verb: str, level: int, *, at: datetime) -> int:
    """Tell who has a verb over the case that its deadline has passed; return how many were told."""
    told = 0
    for one in users_with(verb, unit=case.unit.code):
        if one.id is not None and _may(one, {verb}, case):
            made = notify(
                one.id,
                kind=OVERDUE,
                text=said(_("Overdue: %(title)s"), case),
                url=case.url,
                at=at,
                key=f"overdue:{case.pk}:{case.round}:{level}",
                case=case,
                level=level,
            )
            told += made is not None
    return told


def near(case: Case, *, on: date, at: datetime) -> int:
    """Tell who has the case, or all who may its next step, that its deadline is near; once for each."""
    told = 0
    for person in _waited_for(case, at=at):
        made = notify(
            person,
            kind=TOMORROW,
            text=said(_("Due on %(day)s: %(title)s"), case, day=f"{on:%d.%m.%Y}"),
            url=case.url,
            at=at,
            key=f"tomorrow:{case.pk}:{case.round}",
            case=case,
        )
        told += made is not None
    return told


def said(words: Promise, case: Case, **values: str) -> Text:
    """Return words about a case in every language, each with the title in that language."""
    title = Text(case.title_ru, case.title_ky, case.title_en)
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(words) % {"title": title.of(language), **values}
    return Text(**found)


def _waited_for(case: Case, *, at: datetime) -> Iterable[int]:
    if case.assignee_id is not None:
        return [case.assignee_id, *_deputies(case, case.assignee_id, at=at)]
    verbs = {one.verb for one in workflow(case.workflow).leaving(case.state)}
    found = {one.id: one for verb in verbs for one in users_with(verb, unit=case.unit.code)}
    return sorted(number for number, one in found.items() if number is not None and _may(one, verbs, case))


def _may(person: Actor, verbs: set[str], case: Case) -> bool:
    territory = case.territory.code if case.territory else None
    return any(can(person, verb, unit=case.unit.code, territory=territory) for verb in verbs)


def _deputies(case: Case, absent: int, *, at: datetime) -> list[int]:
    """Return who stands in for a person that day and may a step of the case."""
    verbs = {one.verb for one in workflow(case.workflow).transitions}
    found = {one.deputy: one.deputy_name for one in deputies(absent, on=clock.city_date(at))}
    return [number for number, name in found.items() if _may(Actor(number, name, "user"), verbs, case)]


def _tell(case: Case, person: int, kind: str, text: Text, line: Event) -> None:
    """Tell a person of an event, and while they are away their deputies, as what it is: told to another."""
    at, key = line.happened_at, f"{kind}:{line.pk}"
    notify(person, kind=kind, text=text, url=case.url, at=at, key=key, case=case)
    for deputy in _deputies(case, person, at=at):
        if deputy != line.actor_id:
            words = _in_place_of(person, text)
            notify(deputy, kind=kind, text=words, url=case.url, at=at, key=key, case=case)


def _in_place_of(absent: int, text: Text) -> Text:
    name, found = people([absent])[absent].name, {}
    for language in LANGUAGES:
        with override(language):
            said_so = _("For %(name)s, who is away: %(text)s")
            found[language] = str(said_so) % {"name": name, "text": text.of(language)}
    return Text(**found)
