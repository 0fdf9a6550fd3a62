"""Every kind of event, with the sentence that explains it. A kind is data: never renamed after a release.

`docs/reference/events.md` is generated from this list.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    COMPANY_CREATED = "company.created", _("Une entreprise a été créée.")
    COMPANY_CHANGED = "company.changed", _("Les coordonnées ou les réglages de l’entreprise ont changé.")
    MEMBER_INVITED = "member.invited", _("Une personne a été invitée.")
    MEMBER_JOINED = "member.joined", _("Une personne a rejoint l’entreprise.")
    MEMBER_CHANGED = "member.changed", _("Le rôle d’une personne a changé.")
    MEMBER_REMOVED = "member.removed", _("L’accès d’une personne a été retiré.")
    MEMBER_FACTOR_RESET = (
        "member.factor_reset",
        _("La double authentification d’une personne a été oubliée par l’administrateur du serveur."),
    )

    CUSTOMER_CREATED = "customer.created", _("Une fiche client a été créée.")

    INVOICE_ISSUED = "invoice.issued", _("Une facture a été finalisée et numérotée.")
    INVOICE_SETTLED = "invoice.settled", _("Une facture est entièrement payée.")
    INVOICE_REOPENED = "invoice.reopened", _("Une facture payée ne l’est plus : un encaissement a été annulé.")
    INVOICE_CREDITED = "invoice.credited", _("Une facture a été annulée par un avoir.")
    DOCUMENT_RENDERED = "document.rendered", _("Le PDF d’un document a été produit.")

    MESSAGE_PREPARED = "message.prepared", _("Un e-mail est prêt à partir.")
    MESSAGE_SENT = "message.sent", _("Un e-mail a été remis au serveur d’envoi.")
    MESSAGE_FAILED = "message.failed", _("Un e-mail n’a pas pu partir.")
    LINK_OPENED = "link.opened", _("Le client a ouvert son lien.")
    LINK_REVOKED = "link.revoked", _("Un lien a été révoqué.")

    ACCOUNT_CONNECTED = "account.connected", _("Un compte d’encaissement a été connecté.")
    ACCOUNT_BROKEN = "account.broken", _("Un compte d’encaissement ne répond plus : sa clé est refusée.")
    ACCOUNT_DISCONNECTED = "account.disconnected", _("Un compte d’encaissement a été déconnecté.")
    ACCOUNT_OFFERS_CHANGED = (
        "account.offers_changed",
        _("Les moyens de paiement proposés par un compte d’encaissement ont changé."),
    )
    ATTEMPT_STARTED = "attempt.started", _("Le client a commencé un paiement.")
    ATTEMPT_FAILED = "attempt.failed", _("Un paiement commencé n’a pas abouti.")
    PAYMENT_RECORDED = "payment.recorded", _("Un encaissement a été enregistré.")
    PAYMENT_REVERSED = "payment.reversed", _("Un encaissement a été annulé par une écriture inverse.")
    PAYMENT_REFUNDED = "payment.refunded", _("Un encaissement a été remboursé, en tout ou partie.")
    PROVIDER_EVENT_RECEIVED = (
        "provider.event_received",
        _("Un prestataire de paiement nous a notifiés."),
    )
