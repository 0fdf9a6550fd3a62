"""Where a reaction stands.

waiting → running → done; running → waiting when it failed and will be tried again; running → parked when it
failed for the last time; parked → waiting when a person says *Réessayer*. running → waiting too when what it needs is
away (a provider, a key), however often: `events.reactions.Postponed`. A running reaction whose lease has
ended may be claimed again: its worker died.
"""

from django.db.models import TextChoices


class ReactionState(TextChoices):
    WAITING = "waiting", "en attente"
    RUNNING = "running", "en cours"
    DONE = "done", "faite"
    PARKED = "parked", "en échec"
