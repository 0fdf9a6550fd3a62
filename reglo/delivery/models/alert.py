"""A mail to the people who run a company: something happened that does not wait until they open the product."""

from django.conf import settings
from django.db import models

from reglo.companies.models import Company
from reglo.delivery.states import AlertState
from reglo.events.models import Event


class Alert(models.Model):
    """One per event and person. Its `message_id` is fixed: sent twice after a crash, it is the same mail.

    `body` is plain text, paragraphs parted by empty lines; the button that follows leads to the home page.
    """

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.EmailField()
    subject = models.CharField(max_length=400)
    body = models.TextField(max_length=10_000)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=AlertState.choices, default=AlertState.QUEUED)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)  # a sentence for a person

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="one_alert_per_event_and_person")]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.state}"
