"""Forgetting what nobody needs any more: old notices, codes and addresses that are over."""

from datetime import datetime, timedelta

from django.db.models import Q

from shaar.cases.models import Binding, JobFailure, Notice, Subscription

READ_KEPT, UNREAD_KEPT = timedelta(days=180), timedelta(days=730)
GONE_KEPT = timedelta(days=30)


def forget(*, at: datetime) -> int:
    """Remove notices read half a year ago or told two years ago; return how many rows went.

    The notices of cases that still run stay: they say whom an escalation has told.
    """
    old = Q(read_at__lt=at - READ_KEPT) | Q(told_at__lt=at - UNREAD_KEPT)
    over = Q(case__isnull=True) | Q(case__closed_at__isnull=False)
    count, _kinds = Notice.objects.filter(old, over).delete()
    Binding.objects.filter(ends_at__lt=at).delete()
    Subscription.objects.filter(gone_at__lt=at - GONE_KEPT).delete()
    JobFailure.objects.filter(failed_at__lt=at - READ_KEPT).delete()
    return count
