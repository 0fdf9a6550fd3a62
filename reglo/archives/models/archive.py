"""An archive that somebody asked for, and the key that signs those of a company."""

from django.conf import settings
from django.db import models

from reglo import secrets
from reglo.archives.states import ARCHIVE_MOVES, ArchiveState
from reglo.companies.models import Company
from reglo.files.models import StoredFile
from reglo.invoicing.states import InvalidMove


class SigningKey(models.Model):
    """Ed25519, made at the first archive: the private half sealed, the public one as hexadecimal."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.PROTECT, related_name="signing_key")
    public_hex = models.CharField(max_length=64)
    sealed_private = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public_hex

    def seal_context(self, column: str) -> str:
        return f"archives.signing_key:{self.company_id}:{column}"

    def open_private(self) -> bytes:
        """The 32 bytes of the private key. Raises SealBroken."""
        return bytes.fromhex(secrets.open_sealed(self.sealed_private, context=self.seal_context("sealed_private")))


class Archive(models.Model):
    """A period asked for, prepared by the worker, to be downloaded before `expires_at`."""

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="archives")
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=10, choices=ArchiveState.choices, default=ArchiveState.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    began_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)  # documents already in it
    total = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)  # kept when the file is gone
    expires_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company", "-requested_at"], name="archives_latest_first")]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}: {self.state}"

    @property
    def filename(self) -> str:
        return f"archive-{self.first_day}-{self.last_day}.zip"

    def move_to(self, state: ArchiveState) -> None:
        """The only way to change `state`; to the present one is a no-op. Raises InvalidMove."""
        if self.state == state:
            return
        if state not in ARCHIVE_MOVES[ArchiveState(self.state)]:
            raise InvalidMove(from_status=ArchiveState(self.state).label)
        self.state = state
