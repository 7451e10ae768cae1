"""The pages of jobs, health, channels and words, and the address that tells whether we are well."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import actor_of, public, requires
from shaar.cases.channels import delivering, registry
from shaar.cases.notices import telling, wording
from shaar.cases.notices.forms import WordsForm
from shaar.cases.notices.kinds import kind_of, kinds
from shaar.cases.permissions import CHANNELS, OPERATE
from shaar.cases.running import channels, failures, health
from shaar.kernel import clock, job_list
from shaar.kernel.errors import Refusal

STATUS_NAMES = {
    "failed": gettext_lazy("Failed"),
    "doing": gettext_lazy("Running"),
    "todo": gettext_lazy("Waiting"),
    "succeeded": gettext_lazy("Done"),
    "cancelled": gettext_lazy("Cancelled"),
}


@public
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer 200 when pages can be answered, else 503; nothing more is said to the public."""
    is_ready = health.is_ready()
    return JsonResponse({"status": "ok" if is_ready else "down"}, status=200 if is_ready else 503)


@public
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer 200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@requires(OPERATE)
@never_cache
@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    """Show what every check finds."""
    context = {"findings": health.findings(at=clock.now()), "versions": health.versions()}
    return render(request, "cases/running/health.html", context)


@requires(OPERATE)
@never_cache
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Show the jobs of one status, the failed ones first."""
    asked = request.GET.get("status", "")
    status = asked if asked in STATUS_NAMES else "failed"
    page, rows = job_list.page(status, number=request.GET.get("page"))
    told = failures.reasons([one.id for one in rows])
    numbers = job_list.counts()
    context = {
        "page": page,
        "rows": [(one, told.get(one.id)) for one in rows],
        "status": status,
        "tabs": [(code, name, numbers[code]) for code, name in STATUS_NAMES.items()],
    }
    return render(request, "cases/running/jobs.html", context)


@requires(OPERATE)
@require_POST
def change_job(request: HttpRequest, *, number: int) -> HttpResponse:
    """Put a failed job back in the queue, or take a waiting one out."""
    try:
        if request.POST.get("do") == "retry":
            job_list.retry(number, at=clock.now())
            messages.success(request, _("The job is in the queue again."))
        else:
            job_list.cancel(number)
            messages.success(request, _("The job is taken out of the queue."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("cases:jobs")


@requires(CHANNELS)
@never_cache
@require_safe
def channels_page(request: HttpRequest) -> HttpResponse:
    """Show how the channels fare, and what was given up."""
    context = {"channels": channels.channel_health(at=clock.now()), "dead": channels.dead()}
    return render(request, "cases/running/channels.html", context)


@requires(CHANNELS)
@require_POST
def change_channel(request: HttpRequest) -> HttpResponse:
    """Send a test message to oneself, or a message again that was given up."""
    actor, at = actor_of(request), clock.now()
    number = request.POST.get("delivery", "")
    try:
        if number.isdecimal():
            delivering.retry(int(number), at=at)
            messages.success(request, _("The message is tried again."))
        elif (one := registry.channel(request.POST.get("channel", ""))).is_ready() and telling.tell_test(
            actor.id or 0, one.code, at=at
        ):
            messages.success(request, _("A test message is on its way."))
        else:
            messages.error(request, _("There is no address of yours for this channel yet."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message) or _("This message is under way already."))
    return redirect("cases:channels")


@requires(CHANNELS)
@never_cache
@require_safe
def words_list(request: HttpRequest) -> HttpResponse:
    """Show the kinds of messages and where the city changed their words."""
    own = wording.own_words()
    rows = [
        (kind, [(language, (kind.code, language) in own) for language in wording.LANGUAGES])
        for kind in kinds()
    ]
    return render(request, "cases/running/words_list.html", {"rows": rows})


@requires(CHANNELS)
@never_cache
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, *, kind: str, language: str) -> HttpResponse:
    """Let the words of a kind be changed in one language, with a preview before they are kept."""
    if not wording.is_known(kind, language):
        raise Http404
    actor = actor_of(request)
    if request.POST.get("do") == "reset":
        wording.reset(kind, language, actor=actor)
        messages.success(request, _("The usual words are back."))
        return redirect("cases:words", kind=kind, language=language)
    held = wording.words_of(kind, language)
    form = WordsForm(request.POST or None, initial={"title": held.title, "body": held.body})
    given = held
    if form.is_valid():
        given = wording.Words(form.cleaned_data["title"], form.cleaned_data["body"])
        try:
            _keep_or_check(request, kind, language, given)
        except Refusal as refusal:
            for one in refusal.problems:
                form.add_error(one.place.field if one.place else None, str(one.message))
        else:
            if request.POST.get("do") == "save":
                messages.success(request, _("The words are saved."))
                return redirect("cases:words", kind=kind, language=language)
    return render(request, "cases/running/words.html", _shown(kind, language, form, given, held))


def _keep_or_check(request: HttpRequest, kind: str, language: str, given: wording.Words) -> None:
    if request.POST.get("do") == "save":
        wording.change(kind, language, given, actor=actor_of(request))
    else:
        wording.check(given)


def _shown(
    kind: str, language: str, form: WordsForm, given: wording.Words, held: wording.Words
) -> dict[str, Any]:
    sample = wording.sample(kind, language)
    title, body = wording.filled(given, sample) if not form.errors else ("", "")
    return {
        "kind": kind_of(kind),
        "code": language,
        "form": form,
        "is_own": held.is_own,
        "title": title,
        "body": body,
        "placeholders": [(f"{{{name}}}", sample[name]) for name in wording.PLACEHOLDERS],
    }
