"""Words of closings and archives that are stored."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PeriodKind(TextChoices):
    DAY = "day", _("Jour")
    MONTH = "month", _("Mois")
    YEAR = "year", _("Année")


class ArchiveState(TextChoices):
    REQUESTED = "requested", _("Demandée")
    BUILDING = "building", _("En préparation")
    READY = "ready", _("Prête")
    FAILED = "failed", _("Interrompue")
    EXPIRED = "expired", _("Expirée")


ARCHIVE_MOVES: dict[ArchiveState, frozenset[ArchiveState]] = {
    ArchiveState.REQUESTED: frozenset({ArchiveState.BUILDING}),
    ArchiveState.BUILDING: frozenset({ArchiveState.READY, ArchiveState.FAILED}),
    ArchiveState.READY: frozenset({ArchiveState.EXPIRED}),
    ArchiveState.FAILED: frozenset(),
    ArchiveState.EXPIRED: frozenset(),
}
