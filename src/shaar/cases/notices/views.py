"""The pages of a person's notices and of what they chose; the bell of every staff page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import actor_of, sections, settings_of, staff
from shaar.cases.channels import push, registry, subscriptions, telegram, vapid
from shaar.cases.notices import choices, lists, telling
from shaar.cases.notices.forms import ChoicesForm
from shaar.kernel import clock
from shaar.kernel.errors import Refusal


@staff
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show a person's notices, the newest first."""
    actor = actor_of(request)
    unread_only = request.GET.get("show") == "unread"
    page, lines = lists.lines(actor, number=request.GET.get("page"), unread_only=unread_only)
    context = {"page": page, "lines": lines, "unread": lists.unread(actor), "unread_only": unread_only}
    return render(request, "cases/notices/index.html", context)


@staff
@never_cache
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """Return the bell alone, for the script that looks at it now and then."""
    return render(request, "cases/notices/bell.html", {"values": bell_values(request)})


def bell_values(request: HttpRequest) -> dict[str, Any]:
    """Return what the bell shows."""
    return {"unread": lists.unread(actor_of(request))}


@staff
@require_POST
def open_notice(request: HttpRequest, *, number: int) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    url = lists.open_notice(number, actor=actor_of(request), at=clock.now())
    if url is None:
        raise Http404
    return redirect(url if url.startswith("/") and not url.startswith("//") else "cases:notices")


@staff
@require_POST
def mark_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    lists.mark_all(actor_of(request), at=clock.now())
    return redirect("cases:notices")


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Let a person choose what goes out where, and when they are left in peace."""
    user_id = actor_of(request).id or 0
    form = ChoicesForm(
        request.POST or None, chosen=choices.chosen(user_id), quiet=choices.quiet_time(user_id)
    )
    if form.is_valid():
        given = form.cleaned_data
        quiet = choices.Quiet(given["starts"], given["ends"], given["working_time_only"])
        try:
            choices.choose(user_id, form.wanted(), quiet)
        except Refusal as refusal:
            form.add_error(refusal.place.field if refusal.place else None, str(refusal.message))
        else:
            messages.success(request, _("Your choice is saved."))
            return redirect("cases:notice-settings")
    return render(request, "cases/notices/settings.html", _settings(request, form, user_id))


@staff
@require_POST
def bind(request: HttpRequest) -> HttpResponse:
    """Bind this browser, or show the link that binds a chat; send a test message; let an address go."""
    user_id, at = actor_of(request).id or 0, clock.now()
    try:
        match request.POST.get("do"):
            case "push":
                _subscribe(request, user_id)
                messages.success(request, _("Notices come to this browser now."))
            case "telegram":
                link = telegram.start_binding(user_id, at=at)
                return render(request, "cases/notices/telegram.html", {"link": link})
            case "drop":
                number = request.POST.get("number", "")
                subscriptions.drop(int(number) if number.isdecimal() else 0, at=at, user_id=user_id)
                messages.success(request, _("Nothing is sent there any more."))
            case "test":
                _test(request, user_id)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("cases:notice-settings")


def _subscribe(request: HttpRequest, user_id: int) -> None:
    push.subscribe(
        user_id,
        endpoint=request.POST.get("endpoint", ""),
        p256dh=request.POST.get("p256dh", ""),
        auth=request.POST.get("auth", ""),
        label=request.POST.get("label", ""),
        at=clock.now(),
    )


def _test(request: HttpRequest, user_id: int) -> None:
    channel = registry.channel(request.POST.get("channel", ""))
    if channel.is_ready() and telling.tell_test(user_id, channel.code, at=clock.now()):
        messages.success(request, _("A test message is on its way."))
    else:
        messages.error(request, _("There is no address of yours for this channel yet."))


def _settings(request: HttpRequest, form: ChoicesForm, user_id: int) -> dict[str, Any]:
    return {
        "sections": sections(request),
        "section_url": reverse("cases:notice-settings"),
        "form": form,
        "bound": subscriptions.bound(user_id),
        "email": settings_of(user_id).email,
        "channels": [one for one in registry.channels() if one.is_ready()],
        "has_email": registry.channel("email").is_ready(),
        "has_push": registry.channel("push").is_ready(),
        "has_telegram": registry.channel("telegram").is_ready(),
        "push_key": vapid.public_key() if registry.channel("push").is_ready() else "",
    }
