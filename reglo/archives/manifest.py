"""The list of the files of an archive with their hashes: what is signed."""

from collections.abc import Mapping
from datetime import UTC, datetime

import reglo
from reglo.archives.models import Archive
from reglo.archives.written import Contents, canonical

FORMAT = "reglo-archive-1"


def manifest_of(
    archive: Archive, *, contents: Contents, hashes: Mapping[str, str], public: str, made_at: datetime
) -> bytes:
    """`documents` has the place of each document in the chain, so that a rewritten or missing one is seen."""
    company = archive.company
    return canonical(
        {
            "format": FORMAT,
            "software": f"Réglo {reglo.__version__}",
            "company": {"name": company.name, "siren": company.siren, "practice": company.practice},
            "first_day": archive.first_day.isoformat(),
            "last_day": archive.last_day.isoformat(),
            "made_at": made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "public_key": public,
            "files": dict(hashes),
            "documents": contents.chained,
        }
    )
