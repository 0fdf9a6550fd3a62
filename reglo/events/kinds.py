"""Every kind of event, with the sentence that explains it. A kind is data: never renamed after a release.

`docs/reference/events.md` is generated from this list.
"""

from django.db.models import TextChoices


class Kind(TextChoices):
    COMPANY_CREATED = "company.created", "Une entreprise a été créée."
    COMPANY_CHANGED = "company.changed", "Les coordonnées ou les réglages de l'entreprise ont changé."
    MEMBER_INVITED = "member.invited", "Une personne a été invitée."
    MEMBER_JOINED = "member.joined", "Une personne a rejoint l'entreprise."
    MEMBER_CHANGED = "member.changed", "Le rôle d'une personne a changé."
    MEMBER_REMOVED = "member.removed", "L'accès d'une personne a été retiré."
    MEMBER_FACTOR_RESET = (
        "member.factor_reset",
        "La double authentification d'une personne a été oubliée par l'administrateur du serveur.",
    )

    CUSTOMER_CREATED = "customer.created", "Une fiche client a été créée."

    INVOICE_ISSUED = "invoice.issued", "Une facture a été finalisée et numérotée."
    INVOICE_SETTLED = "invoice.settled", "Une facture est entièrement payée."
    INVOICE_REOPENED = "invoice.reopened", "Une facture payée ne l'est plus : un encaissement a été annulé."
    INVOICE_CREDITED = "invoice.credited", "Une facture a été annulée par un avoir."
    DOCUMENT_RENDERED = "document.rendered", "Le PDF d'un document a été produit."

    MESSAGE_PREPARED = "message.prepared", "Un e-mail est prêt à partir."
    MESSAGE_SENT = "message.sent", "Un e-mail a été remis au serveur d'envoi."
    MESSAGE_FAILED = "message.failed", "Un e-mail n'a pas pu partir."
    LINK_OPENED = "link.opened", "Le client a ouvert son lien."
    LINK_REVOKED = "link.revoked", "Un lien a été révoqué."

    ACCOUNT_CONNECTED = "account.connected", "Un compte d'encaissement a été connecté."
    ACCOUNT_BROKEN = "account.broken", "Un compte d'encaissement ne répond plus : sa clé est refusée."
    ACCOUNT_DISCONNECTED = "account.disconnected", "Un compte d'encaissement a été déconnecté."
    ATTEMPT_STARTED = "attempt.started", "Le client a commencé un paiement."
    ATTEMPT_FAILED = "attempt.failed", "Un paiement commencé n'a pas abouti."
    PAYMENT_RECORDED = "payment.recorded", "Un encaissement a été enregistré."
    PAYMENT_REVERSED = "payment.reversed", "Un encaissement a été annulé par une écriture inverse."
    PAYMENT_REFUNDED = "payment.refunded", "Un encaissement a été remboursé, en tout ou partie."
    PROVIDER_EVENT_RECEIVED = (
        "provider.event_received",
        "Un prestataire de paiement nous a notifiés.",
    )
