"""What may be done with closings and archives."""

from reglo.archives.services.build_archive import build_archive, next_archive
from reglo.archives.services.close_periods import close_periods
from reglo.archives.services.forget_archives import forget_archives
from reglo.archives.services.request_archive import BadPeriod, request_archive
from reglo.archives.services.signing import signing_key_of

__all__ = [
    "BadPeriod",
    "build_archive",
    "close_periods",
    "forget_archives",
    "next_archive",
    "request_archive",
    "signing_key_of",
]
