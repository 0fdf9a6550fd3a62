"""What a person has to do, in at most five lines, each with its one button."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from reglo.companies.models import Membership
from reglo.companies.permissions import Right, may
from reglo.dashboard.account_problems import problem_of
from reglo.dashboard.outlook import Outlook
from reglo.delivery.queries import lost_message
from reglo.events.kinds import Kind
from reglo.events.queries import parked
from reglo.invoicing.queries import Filter, invoice_list
from reglo.payments.queries import connected_account, failed_payout, open_differences
from reglo.ui import formats

MOST = 5
SEVERAL = 20  # counted up to here, « plus de 20 » beyond


@dataclass(frozen=True, slots=True)
class Task:
    """One line. With `reaction_id` the button posts *Réessayer*, else it leads to `url`."""

    text: str
    button: str
    url: str
    reaction_id: int | None = None


def tasks_for(membership: Membership, *, ahead: Outlook, today: date) -> list[Task]:
    """The most pressing first, and always what the law still waits for."""
    always = list(_legal_tasks(membership))
    return [*islice(_tasks(membership, ahead, today), MOST - len(always)), *always]


def _tasks(membership: Membership, ahead: Outlook, today: date) -> Iterator[Task]:
    company = membership.company
    if may(membership, Right.SETTINGS):
        yield from _account_problem(membership)
        for reaction in parked(company_id=company.pk)[:2]:
            what, why = Kind(reaction.event.kind).label, reaction.last_error.strip().rpartition("\n")[2][:160]
            text = _("À débloquer. %(what)s %(why)s") % {"what": what, "why": why and _(why)}
            yield Task(text, _("Réessayer"), reverse("dashboard:retry", args=[reaction.pk]), reaction.pk)
    if may(membership, Right.READ_MONEY):
        yield from _bank_tasks(company.pk)
    if may(membership, Right.SEND):
        lost = lost_message(company.pk)
        if lost:
            text = _("L’e-mail à %(to)s n’est pas parti.") % {"to": lost.to}
            yield Task(text, _("Voir"), reverse("dashboard:invoice", args=[lost.invoice_id]))
    if ahead.late:
        yield _late(_count(membership, Filter.OVERDUE, today), ahead)
    if may(membership, Right.WRITE) and (drafts := _count(membership, Filter.DRAFT, today)):
        text = ngettext(
            "%(count)s brouillon attend d’être finalisé.", "%(count)s brouillons attendent d’être finalisés.", drafts
        )
        yield Task(text % {"count": _shown(drafts)}, _("Ouvrir"), f"{reverse('dashboard:invoices')}?etat=brouillons")
    if may(membership, Right.SETTINGS):
        yield from _settings_tasks(membership)


def _late(count: int, ahead: Outlook) -> Task:
    amount = formats.amount(ahead.late, language=get_language() or "fr")
    text = ngettext("%(count)s facture en retard, %(amount)s.", "%(count)s factures en retard, %(amount)s.", count)
    url = f"{reverse('dashboard:invoices')}?etat=en-retard"
    return Task(text % {"count": _shown(count), "amount": amount}, _("Voir"), url)


def _account_problem(membership: Membership) -> Iterator[Task]:
    """First of all: customers who want to pay cannot, or pay and nobody is told."""
    account = connected_account(company_id=membership.company_id)
    if account is None or not membership.company.card_payments:
        return
    page = reverse("dashboard:settings_documents")
    if not account.is_active:
        text = _("Stripe refuse la clé de votre compte : aucun paiement par carte ne passe.")
        yield Task(text, _("Reconnecter"), page)
    elif problem := problem_of(account):
        yield Task(problem, _("Voir"), page)


def _bank_tasks(company_id: int) -> Iterator[Task]:
    """Money that did not arrive, and what the provider and the books do not say alike."""
    if failed := failed_payout(company_id=company_id):
        amount = formats.amount(failed.amount, language=get_language() or "fr")
        text = _("Un virement de %(amount)s n’est pas arrivé : la banque l’a renvoyé à Stripe.") % {"amount": amount}
        yield Task(text, _("Voir"), reverse("dashboard:payout", args=[failed.pk]))
    if count := len(open_differences(company_id=company_id)[: SEVERAL + 1]):
        text = ngettext(
            "%(count)s différence entre Stripe et vos comptes.",
            "%(count)s différences entre Stripe et vos comptes.",
            count,
        )
        yield Task(text % {"count": _shown(count)}, _("Voir"), reverse("dashboard:reconciliation"))


def _settings_tasks(membership: Membership) -> Iterator[Task]:
    company = membership.company
    account = connected_account(company_id=company.pk)
    if not company.card_payments or account is None:
        text = _("Vos clients ne peuvent pas encore payer par carte.")
        yield Task(text, _("Activer"), reverse("dashboard:settings_documents"))


def _legal_tasks(membership: Membership) -> Iterator[Task]:
    """Kept in view until it is done, however much else there is."""
    if may(membership, Right.SETTINGS) and membership.company.receiving_platform_answered_at is None:
        text = _("Indiquez la plateforme agréée qui reçoit les factures de vos fournisseurs : c’est obligatoire.")
        yield Task(text, _("Indiquer"), reverse("dashboard:settings_receiving"))


def _count(membership: Membership, shown: Filter, today: date) -> int:
    """Up to one more than SEVERAL: cheap at any size."""
    return len(invoice_list(membership.company, shown=shown, search="", today=today, limit=SEVERAL + 1))


def _shown(count: int) -> str:
    return _("Plus de %d") % SEVERAL if count > SEVERAL else str(count)
