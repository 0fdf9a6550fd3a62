"""The server that takes a company's mails."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reglo import secrets
from reglo.companies.models import Company
from reglo.delivery.states import Security


class MailSettings(models.Model):
    """One SMTP server per company. The password is encrypted for this company."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.PROTECT, related_name="mail_settings")
    host = models.CharField(_("serveur SMTP"), max_length=200)
    port = models.PositiveIntegerField(_("port"), default=587)
    security = models.CharField(_("chiffrement"), max_length=10, choices=Security.choices, default=Security.STARTTLS)
    username = models.CharField(_("identifiant"), max_length=200, blank=True)
    sealed_password = models.TextField(blank=True)
    from_address = models.EmailField(_("adresse d’expédition"))
    from_name = models.CharField(_("nom de l’expéditeur"), max_length=100, blank=True)
    changed_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True, blank=True)  # the last test that worked, with these very settings

    class Meta:
        verbose_name = _("envoi des e-mails")

    def __str__(self) -> str:
        return f"{self.from_address} ({self.host})"

    def seal_password(self, password: str) -> None:
        self.sealed_password = secrets.seal(password, context=self.seal_context("sealed_password")) if password else ""

    def open_password(self) -> str:
        """The password in clear, "" where there is none. Raises SealBroken."""
        if not self.sealed_password:
            return ""
        return secrets.open_sealed(self.sealed_password, context=self.seal_context("sealed_password"))

    def seal_context(self, column: str) -> str:
        """What ties a ciphertext to this row and column."""
        return f"delivery.mail_settings:{self.company_id}:{column}"
