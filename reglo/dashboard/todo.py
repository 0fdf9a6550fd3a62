"""What a person has to do, in at most five lines, each with its one button."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from reglo.companies.models import Company, Membership
from reglo.companies.permissions import Right, may
from reglo.dashboard.account_problems import problem_of, silence_of
from reglo.dashboard.outlook import Outlook
from reglo.dashboard.parked_work import stuck_work
from reglo.delivery.models import Message
from reglo.delivery.queries import lost_message
from reglo.invoicing.queries import Filter, invoice_list
from reglo.money import Money
from reglo.payments.installation import is_elsewhere
from reglo.payments.models import AttemptLine, Dispute
from reglo.payments.queries import (
    connected_account,
    disputes_waiting,
    failed_payout,
    open_differences,
    refunds_sent_back,
    surpluses_of,
    unmatched_payments,
)
from reglo.payments.refund_offers import refund_offer
from reglo.payments.states import AccountState
from reglo.ui import formats

MOST = 5
SEVERAL = 20  # counted up to here, « plus de 20 » beyond
SENT_BACK_SHOWN = timedelta(days=60)  # then the money was given back in another way, or never will be


@dataclass(frozen=True, slots=True)
class Task:
    """One line. With `reaction_id` the button posts *Réessayer*, else it leads to `url`."""

    text: str
    button: str
    url: str
    reaction_id: int | None = None


def tasks_for(membership: Membership, *, ahead: Outlook, today: date, now: datetime) -> list[Task]:
    """The most pressing first, and always what the law still waits for."""
    always = list(_legal_tasks(membership))
    return [*islice(_tasks(membership, ahead, today, now), MOST - len(always)), *always]


def _tasks(membership: Membership, ahead: Outlook, today: date, now: datetime) -> Iterator[Task]:
    company = membership.company
    if may(membership, Right.COLLECT):
        yield from _contested(membership, today)
    if may(membership, Right.SETTINGS):
        yield from _account_problem(membership, now)
        yield from _stuck(membership)
    if may(membership, Right.READ_MONEY):
        yield from _bank_tasks(company.pk)
    if may(membership, Right.SEND):
        lost = lost_message(company.pk)
        if lost:
            text = _("L’e-mail à %(to)s n’est pas parti.") % {"to": lost.to}
            yield Task(text, _("Voir"), _page_of(lost))
    if may(membership, Right.COLLECT):
        yield from _to_give_back(company, today)
    if ahead.late:
        yield _late(_count(membership, Filter.OVERDUE, today), ahead)
    if may(membership, Right.COLLECT) and unmatched_payments(company_id=company.pk).exists():
        yield Task(_("Des paiements sont arrivés sans facture."), _("Rattacher"), reverse("dashboard:unmatched"))
    if may(membership, Right.WRITE) and (drafts := _count(membership, Filter.DRAFT, today)):
        text = ngettext(
            "%(count)s brouillon attend d’être finalisé.", "%(count)s brouillons attendent d’être finalisés.", drafts
        )
        yield Task(text % {"count": _shown(drafts)}, _("Ouvrir"), f"{reverse('dashboard:invoices')}?etat=brouillons")
    if may(membership, Right.SETTINGS):
        yield from _settings_tasks(membership)


def _page_of(mail: Message) -> str:
    if mail.quote_id is not None:
        return reverse("dashboard:quote", args=[mail.quote_id])
    return reverse("dashboard:invoice", args=[mail.invoice_id])


def _to_give_back(company: Company, today: date) -> Iterator[Task]:
    """What came in too much, and what was to leave and came back."""
    offers = [(payment, refund_offer(payment).surplus) for payment in surpluses_of(company)[: SEVERAL + 1]]
    waiting = [(payment, surplus) for payment, surplus in offers if surplus]
    if len(waiting) == 1:
        [(payment, surplus)] = waiting
        text = _("1 trop-perçu de %(amount)s, à rendre ou à affecter.") % {"amount": _amount(surplus)}
        yield Task(text, _("Rembourser"), reverse("dashboard:surplus", args=[payment.pk]))
    elif waiting:
        text = _("%(count)s trop-perçus, à rendre ou à affecter.") % {"count": _shown(len(waiting))}
        yield Task(text, _("Voir"), f"{reverse('dashboard:collections')}?etat=trop-percu")
    for refund in refunds_sent_back(company, since=today - SENT_BACK_SHOWN)[:1]:
        text = _("Un remboursement de %(amount)s a échoué : il reste à rembourser.") % {
            "amount": _amount(refund.amount)
        }
        yield Task(text, _("Rembourser"), reverse("dashboard:refund", args=[refund.payment_id]))


def _amount(money: Money) -> str:
    return formats.amount(money, language=get_language() or "fr")


def _late(count: int, ahead: Outlook) -> Task:
    amount = _amount(ahead.late)
    text = ngettext("%(count)s facture en retard, %(amount)s.", "%(count)s factures en retard, %(amount)s.", count)
    url = f"{reverse('dashboard:invoices')}?etat=en-retard"
    return Task(text % {"count": _shown(count), "amount": amount}, _("Voir"), url)


def _contested(membership: Membership, today: date) -> Iterator[Task]:
    """The bank does not wait: what can still be answered, and then what was lost."""
    company = membership.company
    waiting = list(disputes_waiting(company_id=company.pk)[: SEVERAL + 1])
    lost = [dispute for dispute in waiting if dispute.awaits_choice]
    open_ones = [dispute for dispute in waiting if not dispute.awaits_choice]
    if open_ones:
        due = open_ones[0].evidence_due_at
        words = {"count": _shown(len(open_ones))}
        if due:
            day = due.astimezone(company.zone).date()
            words["day"] = formats.day_near(day, today=today, language=get_language() or "fr")
            text = ngettext(
                "%(count)s paiement contesté : répondez avant le %(day)s.",
                "%(count)s paiements contestés : répondez avant le %(day)s.",
                len(open_ones),
            )
        else:
            text = ngettext("%(count)s paiement contesté.", "%(count)s paiements contestés.", len(open_ones))
        yield Task(text % words, _("Voir"), _invoice_of(open_ones[0]))
    if lost:
        text = ngettext(
            "%(count)s contestation perdue : dites ce que devient la facture.",
            "%(count)s contestations perdues : dites ce que deviennent les factures.",
            len(lost),
        )
        yield Task(text % {"count": _shown(len(lost))}, _("Décider"), _invoice_of(lost[0]))


def _invoice_of(dispute: Dispute) -> str:
    line = AttemptLine.objects.filter(attempt__payments=dispute.payment_id).order_by("invoice_id")[0]
    return reverse("dashboard:invoice", args=[line.invoice_id])


def _account_problem(membership: Membership, now: datetime) -> Iterator[Task]:
    """First of all: customers who want to pay cannot, or pay and nobody is told."""
    account = connected_account(company_id=membership.company_id)
    if account is None or not membership.company.card_payments:
        return
    health = reverse("dashboard:payment_health")
    if account.state == AccountState.BROKEN and not is_elsewhere(account):
        text = _("Stripe refuse la clé de votre compte : aucun paiement par carte ne passe.")
        yield Task(text, _("Reconnecter"), health)
    elif problem := problem_of(account):
        yield Task(problem, _("Voir"), health)
    elif silence := silence_of(account, now=now):
        yield Task(silence, _("Vérifier"), health)


def _stuck(membership: Membership) -> Iterator[Task]:
    """Two by name, the others on their page."""
    stuck = stuck_work(company_id=membership.company_id, limit=3)
    for work in stuck[:2]:
        text = _("À débloquer. %(what)s %(why)s") % {"what": work.after, "why": work.why}
        yield Task(text, _("Réessayer"), reverse("dashboard:retry", args=[work.reaction_id]), work.reaction_id)
    if len(stuck) > 2:
        health = reverse("dashboard:payment_health")
        yield Task(_("D’autres tâches sont à débloquer."), _("Voir"), f"{health}#a-debloquer")


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
