"""Pages about one unit of a round: its score step by step, judging, penalties, objections, what if."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import Actor, actor_of, can, check, requires
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.ratings import freezing, objections, rounds, shown, whatif
from shaar.ratings.forms import DecisionForm, JudgeForm, ObjectionForm, PenaltyForm, WhatIfForm
from shaar.ratings.matrix import Given
from shaar.ratings.models import Entry, EntryKind, Objection, Round
from shaar.ratings.permissions import JUDGE, OBJECT, RUN, VIEW
from shaar.ratings.regulation import Group
from shaar.ratings.workflow import COMPUTED, OBJECTIONS, RAISED

Values = dict[str, Any]


@requires(VIEW)
@never_cache
@require_safe
def unit(request: HttpRequest, number: int, unit: str) -> HttpResponse:
    """Show the score of a unit with every number that it is made of, and what would change it."""
    return _page(request, rounds.get(number), unit, {})


@requires(JUDGE)
@require_POST
def judge(request: HttpRequest, number: int, unit: str) -> HttpResponse:
    """Judge a unit."""
    form = JudgeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        actor, at = actor_of(request), clock.now()
        try:
            rounds.judge(number, unit, points=given["points"], comment=given["comment"], actor=actor, at=at)
        except Refusal as refusal:
            _tell(form, refusal, {"bad_points": "points", "comment_empty": "comment"})
        else:
            messages.success(request, _("The judgement is written."))
            return redirect("ratings:unit", number=number, unit=unit)
    return _page(request, rounds.get(number), unit, {"judge_form": form})


@requires(RUN)
@require_POST
def penalty(request: HttpRequest, number: int, unit: str) -> HttpResponse:
    """Take points off for something."""
    row = rounds.get(number)
    form = PenaltyForm(request.POST, penalties=row.regulation.declared.group_of(unit).penalties)
    if form.is_valid():
        given = form.cleaned_data
        try:
            rounds.penalise(
                number, unit, given["code"], times=given["times"], comment=given["comment"],
                actor=actor_of(request), at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            _tell(form, refusal, {"bad_points": "times", "comment_empty": "comment"})
        else:
            messages.success(request, _("The penalty is written."))
            return redirect("ratings:unit", number=number, unit=unit)
    return _page(request, row, unit, {"penalty_form": form})


def _tell(form: Any, refusal: Refusal, fields: dict[str, str]) -> None:
    if refusal.code in {"forbidden", "unknown_round", "unknown_unit"}:
        raise refusal
    form.add_error(fields.get(refusal.code), str(refusal.message))


def _page(request: HttpRequest, row: Round, unit: str, forms: Values) -> HttpResponse:
    actor = actor_of(request)
    check(actor, VIEW, unit=unit)
    group, known, result = freezing.result_of(row, unit)
    period, rules = Period.parse(row.period), row.regulation.declared
    entries = Entry.objects.filter(round=row, unit=unit).order_by("-pk")
    by_number = {one.pk: one for one in entries}
    lines = shown.criterion_lines(row, result, by_number)
    case = cases.get(row.case_id or 0)
    values: Values = {
        "row": row,
        "rules": rules,
        "group": group,
        "unit": unit,
        "name": freezing.unit_names(rules, period)[unit],
        "title": rounds.title_of(row.regulation, period),
        "case": case,
        "result": result,
        "reason": shown.REASONS.get(result.reason, ""),
        "blocks": [(one, lines[one.block.code]) for one in result.blocks],
        "judged": _judged(by_number),
        "entries": [(one, _named(group, one.code)) for one in entries],
        "interval": shown.interval(result.interval.low, result.interval.high) if result.interval else "",
        "may_object": case.state == OBJECTIONS and can(actor, OBJECT, unit=unit),
        "penalties": {one.code: one for one in group.penalties},
        **_forms(actor, case.state, group, unit, rules.unit),
        **_what_if(request, row, group, known, unit, result),
    }  # fmt: skip
    return render(request, "ratings/unit.html", values | forms)


def _named(group: Group, code: str) -> Text | None:
    """Return the name of a criterion or penalty; None for the judged share, which is one."""
    names = {one.code: one.name for one in group.criteria} | {one.code: one.name for one in group.penalties}
    return names.get(code)


def _judged(held: dict[int, Entry]) -> Entry | None:
    """Return the judgement that counts."""
    back = {one.takes_back_id for one in held.values()}
    found = [one for one in held.values() if one.kind == EntryKind.JUDGED and not one.takes_back_id]
    return next((one for one in found if one.pk not in back), None)


def _forms(actor: Actor, state: str, group: Group, unit: str, runner: str) -> Values:
    found: Values = {}
    if state != COMPUTED:
        return found
    if group.judged and can(actor, JUDGE, unit=unit):
        found["judge_form"] = JudgeForm()
    if group.penalties and can(actor, RUN, unit=runner):
        found["penalty_form"] = PenaltyForm(penalties=group.penalties)
    return found


def _what_if(request: HttpRequest, row: Round, group: Group, known: Given, unit: str, result: Any) -> Values:
    rules = row.regulation.declared
    criteria = [
        (part.criterion, part.figure.number)
        for block in result.blocks
        for part in block.criteria
        if part.criterion.indicator_of(unit)
    ]
    asked = "what-if" in request.GET
    form = WhatIfForm(request.GET if asked else None, criteria=criteria)
    found: Values = {"what_if_form": form}
    if asked and form.is_valid():
        found["what_if"] = whatif.changed(rules, group, known, unit, form.facts)
    band = rules.next_band(result.score) if result.score is not None else None
    if band is not None and "next-band" in request.GET:
        found["needs"] = whatif.needs(rules, group, known, unit, aim=band.least)
    return found | {"next_band": band}


# Objections -------------------------------------------------------------------------------------------------
@requires(OBJECT)
@never_cache
@require_http_methods(["GET", "POST"])
def objection_new(request: HttpRequest, number: int) -> HttpResponse:
    """Object to a figure of one's unit."""
    entry = Entry.objects.select_related("round__regulation").filter(pk=number).first()
    if entry is None:
        raise Refusal("unknown_entry", _("This figure does not count any more."))
    actor = actor_of(request)
    check(actor, OBJECT, unit=entry.unit)
    form = ObjectionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and cases.oversized(request):
        form.errors["file"] = form.error_class([str(cases.too_large().message)])
    elif request.method == "POST" and form.is_valid():
        try:
            found = _raise(entry, form, actor)
        except Refusal as refusal:
            _tell(form, refusal, {"bad_number": "wanted", "objection_empty": "text"} | _FILE)
        else:
            messages.success(request, _("The objection is raised: you will be told what is decided."))
            return redirect("ratings:objection", number=found)
    return render(request, "ratings/object.html", _about(entry) | {"form": form})


_FILE = dict.fromkeys(
    ("file_empty", "file_too_large", "file_type_refused", "file_has_macros", "file_encrypted",
     "archive_broken", "archive_bomb"), "file",
)  # fmt: skip


def _raise(entry: Entry, form: ObjectionForm, actor: Actor) -> int:
    given, at = form.cleaned_data, clock.now()
    files = []
    if given["file"]:
        files = [cases.store_file(given["file"], name=given["file"].name, actor=actor, at=at).id]
    return objections.raise_objection(
        entry.pk, text=given["text"], wanted=given["wanted"], actor=actor, at=at, files=files
    )


def _about(entry: Entry) -> Values:
    row = entry.round
    rules, period = row.regulation.declared, Period.parse(row.period)
    group = rules.group_of(entry.unit)
    what: Any = EntryKind(entry.kind).label
    if entry.kind == EntryKind.FIGURE:
        what = group.criterion(entry.code).name
    elif entry.kind == EntryKind.PENALTY:
        what = next(one.name for one in group.penalties if one.code == entry.code)
    return {
        "entry": entry,
        "row": row,
        "what": what,
        "name": freezing.unit_names(rules, period)[entry.unit],
        "title": rounds.title_of(row.regulation, period),
    }


@requires(VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, number: int) -> HttpResponse:
    """Show an objection, and decide it."""
    one, actor = objections.get(number), actor_of(request)
    check(actor, VIEW, unit=one.unit)
    form = DecisionForm(request.POST or None, initial={"corrected": one.claimed})
    if request.method == "POST":
        check(actor, RUN, unit=one.round.regulation.declared.unit)
        if form.is_valid() and _decide(one, form, actor):
            messages.success(request, _("The objection is decided; the unit is told."))
            return redirect("ratings:objection", number=number)
    return render(request, "ratings/objection.html", _objection(one, form, actor))


def _decide(one: Objection, form: DecisionForm, actor: Actor) -> bool:
    given = form.cleaned_data
    try:
        objections.decide(
            one.pk, is_upheld=given["decision"] == "uphold", reason=given["reason"],
            corrected=given["corrected"], actor=actor, at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        _tell(form, refusal, {"number_required": "corrected", "bad_number": "corrected"})
        return False
    return True


def _objection(one: Objection, form: DecisionForm, actor: Actor) -> Values:
    entry = Entry.objects.select_related("round__regulation").get(pk=one.entry_id)
    case = cases.get(one.case_id or 0)
    is_open = case.state == RAISED
    return _about(entry) | {
        "objection": one,
        "case": case,
        "files": cases.files_of(case.id),
        "events": cases.timeline(case.id),
        "form": form if is_open and can(actor, RUN, unit=one.round.regulation.declared.unit) else None,
        "may_withdraw": is_open and can(actor, OBJECT, unit=one.unit),
        "corrected": one.entries.filter(takes_back=None).first(),
    }


@requires(OBJECT)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an objection back."""
    try:
        objections.withdraw(number, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        if refusal.code in {"forbidden", "unknown_objection"}:
            raise
        messages.error(request, str(refusal.message))
    return redirect("ratings:objection", number=number)
