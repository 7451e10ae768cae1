"""The browsers that citizens let in: an address that the browser made up, a language and what is wanted."""

import json
import time
from collections import deque
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from shaar.cases import api as cases
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.sealing import keyed_hashes, seal, unseal
from shaar.kernel.texts import LANGUAGES
from shaar.portal.models import ReaderBrowser
from shaar.portal.news import queries

PURPOSE = "portal.reader"
MOST_NEW, WITHIN = 120, 60.0  # browsers that one process lets in within so many seconds
_let_in: deque[float] = deque(maxlen=MOST_NEW)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a citizen wants to be told: in which language, of which district (none: all), what is urgent."""

    language: str
    district: str = ""
    urgent_only: bool = False


@transaction.atomic
def subscribe(address: cases.PushAddress, wish: Wish) -> int:
    """Keep a browser, or its new wish.

    Refusals `wrong_subscription`, `unknown_district`, `too_many_at_once`.
    """
    cases.check_push_address(address)
    if wish.district and wish.district not in {one.code for one in queries.districts()}:
        raise Refusal("unknown_district", _("There is no such district."), place=Place(field="district"))
    held = {"endpoint": address.endpoint, "p256dh": address.p256dh, "auth": address.auth}
    now, *earlier = keyed_hashes(address.endpoint, purpose=PURPOSE)
    ReaderBrowser.objects.filter(fingerprint__in=earlier).update(fingerprint=now)
    if not ReaderBrowser.objects.filter(fingerprint=now).exists():
        _let_one_in()
    row, _is_new = ReaderBrowser.objects.update_or_create(
        fingerprint=now,
        defaults={
            "sealed": seal(json.dumps(held).encode(), purpose=PURPOSE),
            "language": wish.language if wish.language in LANGUAGES else LANGUAGES[0],
            "district": wish.district,
            "urgent_only": wish.urgent_only,
        },
    )
    return row.pk


def _let_one_in() -> None:
    """Count a new browser; Refusal `too_many_at_once` where a flood of them comes."""
    moment = time.monotonic()
    if len(_let_in) == MOST_NEW and moment - _let_in[0] < WITHIN:
        wording = _("Very many browsers are being added just now. Try again in a minute.")
        raise Refusal("too_many_at_once", wording)
    _let_in.append(moment)


def unsubscribe(endpoint: str) -> int:
    """Forget a browser with all that was to be sent to it; return how many there were."""
    rows = ReaderBrowser.objects.filter(fingerprint__in=keyed_hashes(endpoint, purpose=PURPOSE))
    return rows.delete()[1].get("portal.ReaderBrowser", 0)


def opened(row: ReaderBrowser) -> cases.PushAddress:
    """Return the address of a browser; Refusal `cannot_unseal`."""
    return cases.PushAddress(**json.loads(unseal(bytes(row.sealed), purpose=PURPOSE)))
