"""What happened to a quote (stored), and the word that also says whether it is too late (derived)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuoteStatus(TextChoices):
    DRAFT = "draft", _("Brouillon")
    SENT = "sent", _("Envoyé")
    ACCEPTED = "accepted", _("Accepté")
    REFUSED = "refused", _("Refusé")
    CANCELLED = "cancelled", _("Annulé")


# A new version puts a refused quote before the customer again; who refused may also accept, which staff records.
QUOTE_MOVES: dict[QuoteStatus, frozenset[QuoteStatus]] = {
    QuoteStatus.DRAFT: frozenset({QuoteStatus.SENT}),
    QuoteStatus.SENT: frozenset({QuoteStatus.ACCEPTED, QuoteStatus.REFUSED, QuoteStatus.CANCELLED}),
    QuoteStatus.REFUSED: frozenset({QuoteStatus.SENT, QuoteStatus.ACCEPTED, QuoteStatus.CANCELLED}),
    QuoteStatus.ACCEPTED: frozenset({QuoteStatus.CANCELLED}),
    QuoteStatus.CANCELLED: frozenset(),
}


class QuoteState(TextChoices):
    """The one word shown for a quote. Expired is derived from `valid_until` and the company's date."""

    DRAFT = "draft", _("Brouillon")
    SENT = "sent", _("Envoyé")
    EXPIRED = "expired", _("Expiré")
    ACCEPTED = "accepted", _("Accepté")
    REFUSED = "refused", _("Refusé")
    CANCELLED = "cancelled", _("Annulé")


class QuoteOutcome(TextChoices):
    ACCEPTED = "accepted", _("Accepté")
    REFUSED = "refused", _("Refusé")


class DecisionChannel(TextChoices):
    """How the answer came. All but the first are written down by staff."""

    PORTAL = "portal", _("en ligne")
    PHONE = "phone", _("par téléphone")
    LETTER = "letter", _("par courrier signé")
    EMAIL = "email", _("par e-mail")
    IN_PERSON = "in_person", _("de vive voix")
