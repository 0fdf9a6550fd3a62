"""Verify an archive of Réglo without Réglo: `python3 verify_archive.py archive.zip [fingerprint of the public key]`.

Python 3.9 or later and nothing else. It checks that the manifest was signed by the key, that every file is the one that
was listed and that none was added, and that the issued documents follow one another in their chain.
The signature is Ed25519 as RFC 8032 writes it; it is slow, and enough here.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
OUTSIDE = {"manifest.json", "manifest.sig"}


def recover_x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def add(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def same(one: Point, other: Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def decompress(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    x = recover_x(y & ((1 << 255) - 1), y >> 255)
    y &= (1 << 255) - 1
    return None if x is None else (x, y, 1, x * y % P)


Y = 4 * pow(5, P - 2, P) % P
X = recover_x(Y, 0) or 0
BASE = (X, Y, 1, X * Y % P)


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether these 64 bytes are the signature of the message by this key of 32 bytes."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point = decompress(public), decompress(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= Q:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    return same(multiply(scalar, BASE), add(point, multiply(int.from_bytes(digest, "little") % Q, key)))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def faults(path: Any, fingerprint: str = "") -> Iterator[str]:
    """Everything that is wrong with the archive, as sentences; nothing when it is whole."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist()]
            if len(set(names)) != len(names):
                yield "un fichier y est deux fois"
            files = {name: archive.read(name) for name in names}
    except (OSError, zipfile.BadZipFile) as error:
        yield f"archive illisible : {error}"
        return
    if not set(files) >= OUTSIDE:
        yield "il manque manifest.json ou manifest.sig"
        return
    try:
        manifest = json.loads(files["manifest.json"])
        public = bytes.fromhex(manifest["public_key"])
        listed, documents = dict(manifest["files"]), list(manifest["documents"])
    except (ValueError, KeyError, TypeError) as error:
        yield f"manifest.json est illisible : {error}"
        return
    if not signed_by(public, files["manifest.json"], files["manifest.sig"]):
        yield "la signature n’est pas celle de manifest.json"
    if fingerprint and fingerprint.lower() != public.hex():
        yield f"signée par une autre clé : {public.hex()}"
    for name in sorted(set(listed) - set(files)):
        yield f"il manque {name}"
    for name in sorted(set(files) - set(listed) - OUTSIDE):
        yield f"{name} a été ajouté"
    for name in sorted(set(files) & set(listed)):
        if sha256(files[name]) != listed[name]:
            yield f"{name} a changé"
    yield from broken_links(documents, files)


def broken_links(documents: list[Any], files: dict[str, bytes]) -> Iterator[str]:
    """A document whose hash is not that of its text after the one before, or that does not follow it."""
    before: Any = None
    for document in documents:
        text = files.get(document["file"], b"")
        if sha256((document["previous_hash"] + sha256(text)).encode()) != document["hash"]:
            yield "{} : son contenu n’est pas celui qui a été émis".format(document["number"])
        if before and (document["chain_position"], document["previous_hash"]) != (
            before["chain_position"] + 1,
            before["hash"],
        ):
            yield "{} ne suit pas {}".format(document["number"], before["number"])
        before = document


def say(text: str) -> None:
    """On any terminal, even one that lacks a character."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        say("python3 verify_archive.py archive.zip [empreinte de la clé publique]")
        return 2
    found = list(faults(*arguments))
    for fault in found:
        say(f"✗ {fault}")
    if not found:
        with zipfile.ZipFile(arguments[0]) as archive:
            manifest = json.loads(archive.read("manifest.json"))
        say("✓ {}, du {} au {}".format(manifest["company"]["name"], manifest["first_day"], manifest["last_day"]))
        counted = len(manifest["files"]), len(manifest["documents"])
        say("✓ {} fichiers, {} documents qui se suivent".format(*counted))
        say("✓ signée par la clé {}".format(manifest["public_key"]))
        if len(arguments) == 1:
            say("  À comparer à la clé que montre Réglo : sans elle, rien ne dit qui a signé.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
