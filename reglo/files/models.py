"""What is known of a stored file; its bytes are in the store, under its hash."""

from django.db import models


class StoredFile(models.Model):
    """A file named by the SHA-256 of its bytes: the same bytes are one file, and other bytes another.

    Tables refer to it with an ordinary foreign key, `on_delete=PROTECT`.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.sha256[:12]}… ({self.media_type})"
