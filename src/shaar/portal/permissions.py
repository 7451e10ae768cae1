"""The verbs of the portal."""

from django.utils.translation import gettext_lazy as _

WRITE = "portal.write"
STATISTICS = "portal.statistics"
VERBS = {
    WRITE: _("Write news, notices and text pages"),
    STATISTICS: _("See how often public pages are read"),
}
