"""What happened, what must follow from it, and who is working on that."""

from django.conf import settings
from django.db import models

from reglo.events.states import ReactionState


class Event(models.Model):
    """A fact, written once, in the transaction that made it true: timeline, audit trail and outbox.

    It holds no personal content: that is in `EventContent`, and `digest` proves it as long as it is kept.
    """

    company = models.ForeignKey("companies.Company", null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)  # a Kind; not `choices`, or each new kind would need a migration
    subject_type = models.CharField(max_length=60)  # "invoicing.invoice"
    subject_id = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # HMAC-SHA256(salt, content), hexadecimal; "" without content

    class Meta:
        indexes = (
            models.Index(fields=["subject_type", "subject_id"], name="event_subject"),
            models.Index(fields=["company", "-id"], name="event_company"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"


class EventContent(models.Model):
    """The part of an event that may name people: deleting the row erases it and breaks no proof."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT, related_name="content")
    salt = models.BinaryField(max_length=32)
    content = models.TextField()  # canonical JSON: sorted keys, no spaces

    def __str__(self) -> str:
        return f"content of event {self.event_id}"


class Reaction(models.Model):
    """One thing to do after one event; the worker's queue. States: `ReactionState`."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="reactions")
    name = models.CharField(max_length=120)  # dotted path of the function
    state = models.CharField(max_length=10, choices=ReactionState.choices, default=ReactionState.WAITING)
    not_before = models.DateTimeField()  # by the clock port: simulated time makes it due
    lease_until = models.DateTimeField(null=True)  # by the database's own clock
    fence = models.PositiveIntegerField(default=0)  # grows with each claim; only the last claimant may finish
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(default="")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "name"], name="reaction_once_per_event"),)
        indexes = (
            models.Index(
                fields=["not_before", "id"],
                name="reaction_queue",
                condition=models.Q(state__in=[ReactionState.WAITING, ReactionState.RUNNING]),
            ),
            models.Index(fields=["id"], name="reaction_parked", condition=models.Q(state=ReactionState.PARKED)),
        )

    def __str__(self) -> str:
        return f"{self.name} after event {self.event_id}: {self.state}"


class WorkerHeartbeat(models.Model):
    """A worker alive. One row per process, renewed every few seconds, removed when it stops well."""

    worker = models.CharField(primary_key=True, max_length=80)  # host:pid:uuid
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()  # by the database's own clock

    def __str__(self) -> str:
        return self.worker


class ScheduledTask(models.Model):
    """When a periodic task of `config/schedule.py` ran last, and which worker has it now."""

    name = models.CharField(primary_key=True, max_length=60)
    due_at = models.DateTimeField()  # by the clock port
    lease_until = models.DateTimeField(null=True)  # by the database's own clock
    fence = models.PositiveIntegerField(default=0)
    last_error = models.TextField(default="")

    def __str__(self) -> str:
        return self.name


class Seal(models.Model):
    """A block of consecutive events, chained to the block before, so that no event is altered unseen."""

    first_event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    last_event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    previous = models.CharField(max_length=64)  # hash of the seal before; "" for the first
    hash = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal of events {self.first_event_id} to {self.last_event_id}"
