"""How long, in the largest unit that says it well: « 45 s », « 7 min », « 26 h », « 3 jours »."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def duration(value: timedelta) -> str:
    """A day and a half is still told in hours; the sign is left to the sentence."""
    seconds = round(abs(value).total_seconds())
    if seconds < 120:
        return _("%(count)d s") % {"count": seconds}
    if seconds < 2 * 3600:
        return _("%(count)d min") % {"count": round(seconds / 60)}
    if seconds < 48 * 3600:
        return _("%(count)d h") % {"count": round(seconds / 3600)}
    days = round(seconds / 86_400)
    return ngettext("%(count)d jour", "%(count)d jours", days) % {"count": days}
