"""Every file that a row refers to is there, and its bytes have the hash it is named by."""

import hashlib
from collections.abc import Iterator

from reglo.ports.terminal import gettext as _
from reglo.verify.books import Books


def files_are_whole(books: Books) -> Iterator[str]:
    for sha256, size in books.rows("SELECT sha256, size FROM files_storedfile ORDER BY sha256"):
        try:
            data = books.read_file(sha256)
        except OSError as error:
            yield _("fichier %(sha256)s : illisible (%(error)s)") % {"sha256": sha256, "error": error}
            continue
        if len(data) != size or hashlib.sha256(data).hexdigest() != sha256:
            yield _("fichier %(sha256)s : son contenu a changé") % {"sha256": sha256}
