"""Every kind of event, with the sentence that explains it. A kind is data: never renamed after a release.

`docs/reference/events.md` is generated from this list.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    COMPANY_CREATED = "company.created", _("Une entreprise a été créée.")
    COMPANY_CHANGED = "company.changed", _("Les coordonnées ou les réglages de l’entreprise ont changé.")
    VAT_REGIME_CHANGED = "vat_regime.changed", _("Le régime de TVA de l’entreprise change à partir d’une date.")
    VAT_REGIME_TAKEN_BACK = "vat_regime.taken_back", _("Un changement de régime de TVA a été annulé.")
    MEMBER_INVITED = "member.invited", _("Une personne a été invitée.")
    MEMBER_JOINED = "member.joined", _("Une personne a rejoint l’entreprise.")
    MEMBER_CHANGED = "member.changed", _("Le rôle d’une personne a changé.")
    MEMBER_REMOVED = "member.removed", _("L’accès d’une personne a été retiré.")
    MEMBER_FACTOR_RESET = (
        "member.factor_reset",
        _("La double authentification d’une personne a été oubliée par l’administrateur du serveur."),
    )

    SERIES_CHANGED = "series.changed", _("Le format des numéros d’une sorte de document a changé.")
    SERIES_STARTED = "series.started", _("Une série de numéros commence ailleurs qu’à 1, pour une raison notée.")

    ARCHIVE_REQUESTED = "archive.requested", _("Une archive signée a été demandée.")
    ARCHIVE_READY = "archive.ready", _("Une archive signée est prête à télécharger.")

    CUSTOMER_CREATED = "customer.created", _("Une fiche client a été créée.")

    INVOICE_ISSUED = "invoice.issued", _("Une facture a été finalisée et numérotée.")
    INVOICE_SETTLED = "invoice.settled", _("Une facture est entièrement payée.")
    INVOICE_REOPENED = "invoice.reopened", _("Une facture payée ne l’est plus : un encaissement a été annulé.")
    INVOICE_CREDITED = "invoice.credited", _("Une facture a été réduite ou annulée par un avoir.")
    CREDIT_NOTE_ISSUED = "credit_note.issued", _("Un avoir a été émis et numéroté.")
    DEPOSIT_DEDUCTED = "deposit.deducted", _("Un acompte a été déduit d’une facture.")
    DEPOSIT_RELEASED = "deposit.released", _("Un acompte peut de nouveau être déduit : sa facture est annulée.")
    QUOTE_ISSUED = "quote.issued", _("Une version d’un devis a été finalisée.")
    QUOTE_ACCEPTED = "quote.accepted", _("Un devis a été accepté.")
    QUOTE_REFUSED = "quote.refused", _("Un devis a été refusé.")
    QUOTE_CANCELLED = "quote.cancelled", _("Un devis a été annulé par l’entreprise.")
    QUOTE_INVOICED = "quote.invoiced", _("Un brouillon de facture a été fait d’un devis accepté.")
    OPENING_IMPORTED = "opening.imported", _("Une facture impayée d’un autre logiciel a été reprise.")
    OPENINGS_UNDONE = "openings.undone", _("Une reprise a été annulée, avant que rien ne lui arrive.")
    OPENING_PAPER_ATTACHED = "opening.paper_attached", _("Le PDF d’origine d’une facture reprise a été joint.")
    DOCUMENT_RENDERED = "document.rendered", _("Le PDF d’un document a été produit.")

    MESSAGE_PREPARED = "message.prepared", _("Un e-mail est prêt à partir.")
    MESSAGE_SENT = "message.sent", _("Un e-mail a été remis au serveur d’envoi.")
    MESSAGE_FAILED = "message.failed", _("Un e-mail n’a pas pu partir.")
    ALERT_QUEUED = "alert.queued", _("Une alerte va partir vers un gérant.")
    CHAIN_HEAD_TOLD = "chain.head_told", _("L’empreinte des documents émis a été envoyée aux gérants.")
    LINK_OPENED = "link.opened", _("Le client a ouvert son lien.")
    LINK_REVOKED = "link.revoked", _("Un lien a été révoqué.")

    ACCOUNT_CONNECTED = "account.connected", _("Un compte d’encaissement a été connecté.")
    ACCOUNT_BROKEN = "account.broken", _("Un compte d’encaissement ne répond plus : sa clé est refusée.")
    ACCOUNT_MENDED = "account.mended", _("Un compte d’encaissement répond à nouveau.")
    ACCOUNT_DISCONNECTED = "account.disconnected", _("Un compte d’encaissement a été déconnecté.")
    ACCOUNT_TAKEN_OVER = (
        "account.taken_over",
        _("Cette installation remplace celle à laquelle un compte d’encaissement était relié."),
    )
    ENDPOINT_RECREATED = "endpoint.recreated", _("Le point de réception des notifications a été recréé.")
    ENDPOINT_SECRET_RENEWED = "endpoint.secret_renewed", _("Le secret des notifications a été renouvelé.")
    ACCOUNT_OFFERS_CHANGED = (
        "account.offers_changed",
        _("Les moyens de paiement proposés par un compte d’encaissement ont changé."),
    )
    ATTEMPT_STARTED = "attempt.started", _("Le client a commencé un paiement.")
    ATTEMPT_FAILED = "attempt.failed", _("Un paiement commencé n’a pas abouti.")
    PAYMENT_RECORDED = "payment.recorded", _("Un encaissement a été enregistré.")
    PAYMENT_REVERSED = "payment.reversed", _("Un encaissement a été annulé par une écriture inverse.")
    PAYMENT_REFUNDED = "payment.refunded", _("Un encaissement a été remboursé, en tout ou partie.")
    PAYMENT_UNMATCHED = "payment.unmatched", _("Un paiement est arrivé sans facture.")
    PAYMENT_ATTACHED = "payment.attached", _("Un paiement sans facture a été rattaché à une facture.")
    PAYMENT_IGNORED = "payment.ignored", _("Un paiement sans facture a été ignoré.")
    PAYMENT_UNIGNORED = "payment.unignored", _("Un paiement ignoré est de nouveau à rattacher.")
    DISPUTE_OPENED = "dispute.opened", _("Un paiement est contesté, ou la banque du client demande des explications.")
    DISPUTE_MOVED = "dispute.moved", _("Une contestation a changé d’état chez la banque.")
    DISPUTE_WITHDRAWN = "dispute.withdrawn", _("Le prestataire a repris l’argent d’un paiement contesté.")
    DISPUTE_REINSTATED = "dispute.reinstated", _("Le prestataire a rendu l’argent d’un paiement contesté.")
    DISPUTE_SETTLED = (
        "dispute.settled",
        _("Le gérant a décidé du sort d’un paiement perdu : le réclamer à nouveau, ou le passer en perte."),
    )
    PAYOUT_PAID = "payout.paid", _("Un virement du prestataire a été versé sur le compte bancaire.")
    PAYOUT_FAILED = "payout.failed", _("Un virement du prestataire a échoué : l’argent est revenu chez lui.")
    PAYOUT_RECEIVED = "payout.received", _("Une personne a vu le virement sur le compte bancaire.")
    PAYOUT_NOT_RECEIVED = "payout.not_received", _("Une personne a retiré ce constat.")
    PAYMENT_ALLOCATED = "payment.allocated", _("Un trop-perçu a été affecté à une facture.")
    REFUND_REQUESTED = "refund.requested", _("Un remboursement a été demandé au prestataire.")
    REFUND_FAILED = "refund.failed", _("Un remboursement demandé n’a pas abouti.")
    PROVIDER_EVENT_RECEIVED = (
        "provider.event_received",
        _("Un prestataire de paiement nous a notifiés."),
    )
