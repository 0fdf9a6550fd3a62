"""What the law wants closed and kept."""

from reglo.archives.models.archive import Archive, SigningKey
from reglo.archives.models.closing import Closing

__all__ = ["Archive", "Closing", "SigningKey"]
