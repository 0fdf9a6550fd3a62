"""What the disk may hold after the power failed: all that was synced, and any part of the rest.

The number of an image and the seed say everything of it: where the power fails, and which of the unsynced writes are
kept, dropped, or torn (some of their 512-byte sectors reached the disk, others did not). As SQLite supposes of a disk
("powersafe overwrite"), a torn write harms no byte outside itself.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lab.power_loss.disk import Delete, Operation, Sync, Truncate, Write

SECTOR = 512


@dataclass(frozen=True)
class Image:
    """`files` by suffix; the power fails after `cut` operations."""

    number: int
    cut: int
    files: dict[str, bytes]
    fates: tuple[str, ...]  # of the unsynced operations, in their order


def images(log: list[Operation], base: bytes, numbers: Iterable[int], seed: int) -> Iterator[Image]:
    """The images of these numbers, in the order of their cuts, so that the log is gone through once."""
    state = _State(base)
    done = 0
    for cut, number in sorted((_drawn(seed, number, log)[0], number) for number in numbers):
        for operation in log[done:cut]:
            state.perform(operation)
        done = cut
        _cut, chance = _drawn(seed, number, log)
        yield state.failed(number, cut, chance)


def _drawn(seed: int, number: int, log: list[Operation]) -> tuple[int, random.Random]:
    """Where the power fails in this image, and the chance that decides the rest of it."""
    chance = random.Random(f"{seed}/{number}")
    return chance.randint(0, len(log)), chance


class _State:
    """The disk while the log goes by: the files as synced, and what happened to them since."""

    def __init__(self, base: bytes) -> None:
        self._synced = {"": bytearray(base)}
        self._unsynced: list[Operation] = []

    def perform(self, operation: Operation) -> None:
        durable = isinstance(operation, Sync) or (isinstance(operation, Delete) and operation.synced)
        if not durable:
            self._unsynced.append(operation)
            return
        for one in self._unsynced:
            if one.file == operation.file:
                _apply(one, self._synced)
        self._unsynced = [one for one in self._unsynced if one.file != operation.file]
        _apply(operation, self._synced)

    def failed(self, number: int, cut: int, chance: random.Random) -> Image:
        files = {name: bytearray(content) for name, content in self._synced.items()}
        kept = chance.random()  # of this image: from nearly nothing to nearly all
        fates = []
        for operation in self._unsynced:
            fate = "kept" if chance.random() < kept else chance.choice(("dropped", "torn"))
            if fate == "kept":
                _apply(operation, files)
            elif fate == "torn" and isinstance(operation, Write):
                for sector in _sectors(operation):
                    if chance.random() < 0.5:
                        _apply(sector, files)
            fates.append(fate)
        return Image(number, cut, {name: bytes(content) for name, content in files.items()}, tuple(fates))


def _sectors(write: Write) -> Iterator[Write]:
    """The write as the disk's sectors receive it."""
    start = write.offset
    end = write.offset + len(write.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield Write(write.file, start, write.data[start - write.offset : stop - write.offset])
        start = stop


def _apply(operation: Operation, files: dict[str, bytearray]) -> None:
    if isinstance(operation, Delete):
        files.pop(operation.file, None)
        return
    if isinstance(operation, Sync):
        return
    content = files.setdefault(operation.file, bytearray())
    if isinstance(operation, Truncate):
        _resize(content, operation.size)
        return
    end = operation.offset + len(operation.data)
    _resize(content, max(end, len(content)))
    content[operation.offset : end] = operation.data


def _resize(content: bytearray, size: int) -> None:
    """Shorter, or longer by zeros, as a file with a hole reads."""
    del content[size:]
    content.extend(bytes(size - len(content)))
