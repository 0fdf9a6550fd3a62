"""What waits for a person, in words: what was to be done, and why it was not."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reglo.errors import RegloError
from reglo.events.kinds import Kind
from reglo.events.models import Reaction
from reglo.events.queries import parked

# Every reaction of `config/reactions.py`, as the thing that it does.
WORK = {
    "reglo.rendering.tasks.render_issued_invoice": gettext_noop("Produire le PDF d’une facture ou d’un avoir"),
    "reglo.delivery.tasks.alert": gettext_noop("Préparer une alerte pour les gérants"),
    "reglo.delivery.tasks.send_queued": gettext_noop("Envoyer un e-mail"),
    "reglo.delivery.tasks.send_queued_alert": gettext_noop("Envoyer une alerte à un gérant"),
    "reglo.delivery.tasks.tell_refusal": gettext_noop("Dire au client que son paiement n’a pas abouti"),
    "reglo.delivery.tasks.thank_payer": gettext_noop("Préparer le reçu d’un paiement"),
    "reglo.payments.tasks.apply_received": gettext_noop("Reporter dans vos comptes ce que Stripe annonce"),
    "reglo.payments.tasks.close_outgrown_attempts": gettext_noop("Fermer une page de paiement périmée"),
    "reglo.payments.tasks.close_credited_attempts": gettext_noop("Fermer la page de paiement d’une facture créditée"),
    "reglo.payments.tasks.credit_refunds": gettext_noop("Préparer l’avoir d’un remboursement"),
    "reglo.payments.tasks.fetch_missed": gettext_noop("Demander à Stripe ce qui n’est pas arrivé"),
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """A reaction that waits for *Réessayer*."""

    reaction_id: int
    after: str  # the sentence of its event
    what: str
    why: str
    since: datetime


def stuck_work(*, company_id: int, limit: int) -> list[Stuck]:
    """The oldest first."""
    return [_stuck(reaction) for reaction in parked(company_id=company_id)[:limit]]


def _stuck(reaction: Reaction) -> Stuck:
    after = str(Kind(reaction.event.kind).label)
    what = WORK.get(reaction.name)
    return Stuck(
        reaction_id=reaction.pk,
        after=after,
        what=_(what) if what else after,
        why=why_not(reaction.last_error),
        since=reaction.event.occurred_at,
    )


def why_not(error: str) -> str:
    """The sentence of a refusal; of anything else, its name for who looks after the server."""
    last = error.strip().rpartition("\n")[2][:300]
    name, colon, sentence = last.partition(": ")
    if not colon or not name.isidentifier():
        return _(last) if last else ""
    if name in _refusals(RegloError):
        return sentence
    return _("Le programme s’est trompé (%(name)s). Si cela revient, prévenez qui s’occupe du serveur.") % {
        "name": name
    }


def _refusals(error: type[RegloError]) -> set[str]:
    return {error.__name__}.union(*(_refusals(one) for one in error.__subclasses__()))
