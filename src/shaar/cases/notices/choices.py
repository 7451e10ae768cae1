"""What a person chose: which kinds go out by which channel, and when they are left in peace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from shaar.cases.channels import registry
from shaar.cases.models import NoticeChoice, QuietTime
from shaar.cases.notices.kinds import Kind, kinds
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.errors import Place, Refusal

DAYS_AHEAD = 31


@dataclass(frozen=True, slots=True)
class Quiet:
    """When a person is left in peace; hours of the city's day, which may go over midnight."""

    starts: time | None = None
    ends: time | None = None
    working_time_only: bool = False


def channels_for(user_id: int, kind: Kind) -> list[str]:
    """Return the channels by which notices of a kind go out to a person, those that are set up only."""
    chosen = dict(
        NoticeChoice.objects.filter(user_id=user_id, kind=kind.code).values_list("channel", "is_on")
    )
    return [
        one.code
        for one in registry.channels()
        if one.is_ready() and chosen.get(one.code, one.code in kind.channels)
    ]


def chosen(user_id: int) -> dict[tuple[str, str], bool]:
    """Return for each kind and channel whether it goes out, as chosen or as is usual."""
    rows = NoticeChoice.objects.filter(user_id=user_id).values_list("kind", "channel", "is_on")
    own = {(kind, channel): is_on for kind, channel, is_on in rows}
    return {
        (kind.code, one.code): own.get((kind.code, one.code), one.code in kind.channels)
        for kind in kinds()
        for one in registry.channels()
    }


@transaction.atomic
def choose(user_id: int, wanted: Mapping[tuple[str, str], bool], quiet: Quiet) -> None:
    """Keep what a person chose.

    Refusals: `quiet_half` for quiet time with one end, `quiet_empty` for one without length.
    """
    if (quiet.starts is None) != (quiet.ends is None):
        raise Refusal("quiet_half", _("Give both ends of the quiet time."), place=Place(field="starts"))
    if quiet.starts is not None and quiet.starts == quiet.ends:
        raise Refusal("quiet_empty", _("The quiet time ends when it begins."), place=Place(field="ends"))
    for (kind, channel), is_on in wanted.items():
        NoticeChoice.objects.update_or_create(
            user_id=user_id, kind=kind, channel=channel, defaults={"is_on": is_on}
        )
    QuietTime.objects.update_or_create(
        user_id=user_id,
        defaults={
            "starts": quiet.starts,
            "ends": quiet.ends,
            "working_time_only": quiet.working_time_only,
        },
    )


def quiet_time(user_id: int) -> Quiet:
    """Return when a person is left in peace; nothing is quiet by default."""
    row = QuietTime.objects.filter(user_id=user_id).first()
    return Quiet(row.starts, row.ends, row.working_time_only) if row else Quiet()


def opening(user_id: int, at: datetime) -> datetime:
    """Return the first moment from then on at which a person may be sent something."""
    quiet = quiet_time(user_id)
    moment = _working(at) if quiet.working_time_only else at
    return _awake(moment, quiet)


def _working(at: datetime) -> datetime:
    """Return the moment itself in working time, else the next beginning of it."""
    day = clock.city_date(at)
    for ahead in range(DAYS_AHEAD):
        for start, end in city.working_hours(day + timedelta(days=ahead)):
            if at < end:
                return max(at, start)
    return at


def _awake(at: datetime, quiet: Quiet) -> datetime:
    if quiet.starts is None or quiet.ends is None:
        return at
    local = at.astimezone(clock.city_time_zone())
    now = local.time()
    if quiet.starts < quiet.ends:
        is_quiet = quiet.starts <= now < quiet.ends
    else:
        is_quiet = now >= quiet.starts or now < quiet.ends
    if not is_quiet:
        return at
    end = local.replace(hour=quiet.ends.hour, minute=quiet.ends.minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)
