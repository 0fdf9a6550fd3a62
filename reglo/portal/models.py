"""How often strangers tried: a count for each limit, person and window of time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TryCount(models.Model):
    """`key` is a hash of whom is counted, so that no address of a visitor is kept."""

    key = models.CharField(primary_key=True, max_length=100)
    counted = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)  # the end of its window: forgotten after

    class Meta:
        verbose_name = _("compte d’essais")

    def __str__(self) -> str:
        return f"{self.key} : {self.counted}"
