"""The power fails at any moment: whatever SQLite's files then hold, no acknowledged invoice or payment is lost.

A workload of the product's own verbs is recorded (`workload`), replayed on a disk that notes every write and every
sync (`disk`), cut at some operation and rebuilt with its unsynced writes kept, dropped or torn (`images`); each image
is opened by the stock SQLite and judged (`checks`). `docs/algorithms/power-loss.md` says what this can see.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lab.power_loss.checks import Judge
from lab.power_loss.disk import Played, replay
from lab.power_loss.images import images
from lab.power_loss.workload import Recording, record
from lab.results import Order, Result, Tell

NORMAL = 1  # the `synchronous` that would lose what it acknowledged
CONTROLS = 40  # images under it, of which some must be judged lossy: a judge that sees nothing is a violation
TOLD_EVERY = 500


def run(order: Order, tell: Tell) -> Result:
    if order.engine != "sqlite":
        return Result(missing="PostgreSQL's files are PostgreSQL's: only SQLite's are written here")
    result = Result()
    with tempfile.TemporaryDirectory(prefix="reglo-power-loss-") as folder:
        recording = record(Path(folder), order.seed)
        played = replay(recording, Path(folder))
        tell(f"{played.transactions} transactions, {len(played.log)} disk operations, {played.checkpoints} checkpoints")
        result.counts["steps"] = len(recording.steps)
        judged: Counter[bool] = Counter()
        for number, faults in judge(recording, played, range(order.amount), order.seed, Path(folder)):
            judged[not faults] += 1
            result.violations += violations(faults, order.seed, number)
            if judged.total() % TOLD_EVERY == 0:
                tell(f"{judged.total()} of {order.amount} images, {judged[False]} spoiled")
        result.counts["images"] = judged.total()
        _control(result, recording, order, Path(folder))
        tell(f"{judged.total()} images, {judged[False]} spoiled; synchronous=NORMAL caught: {result.counts['caught']}")
    return result


def judge(
    recording: Recording, played: Played, numbers: range, seed: int, folder: Path
) -> Iterator[tuple[int, list[str]]]:
    """Each image's number with what is wrong in it, in the order of their cuts."""
    judge_of = Judge(folder)
    for image in images(played.log, recording.base.read_bytes(), numbers, seed):
        acknowledged = [fact for fact, position in played.facts if position <= image.cut]
        yield image.number, judge_of.faults(image, acknowledged)


def show(seed: int, number: int, folder: Path, tell: Tell) -> list[str]:
    """One image again, its files left in `folder` as the power failure left them."""
    with tempfile.TemporaryDirectory(prefix="reglo-power-loss-") as scratch:
        recording = record(Path(scratch), seed)
        played = replay(recording, Path(scratch))
        [image] = images(played.log, recording.base.read_bytes(), [number], seed)
        [(_number, faults)] = judge(recording, played, range(number, number + 1), seed, Path(scratch))
    Judge(folder).put(image)
    tell(f"image {number}: power lost after {image.cut} of {len(played.log)} operations; of the unsynced writes")
    tell(", ".join(f"{count} {fate}" for fate, count in Counter(image.fates).items()) or "there was none")
    for line in faults or ["nothing is wrong with it"]:
        tell(line)
    return faults


def violations(faults: list[str], seed: int, number: int) -> list[str]:
    """Each fault with the command that shows its image again."""
    return [f"seed {seed}, {fault}: python -m lab.one_image {seed} {number}" for fault in faults]


def _control(result: Result, recording: Recording, order: Order, folder: Path) -> None:
    """The same images under synchronous=NORMAL: the judge must find acknowledged invoices missing."""
    played = replay(recording, folder, synchronous=NORMAL)
    found = judge(recording, played, range(CONTROLS), order.seed, folder)
    result.counts["planted"] = 1
    if any("invoicing_invoice" in fault for _number, faults in found for fault in faults):
        result.counts["caught"] = 1
    else:
        result.violations.append(f"{CONTROLS} images under synchronous=NORMAL lost nothing: the lab sees nothing")
