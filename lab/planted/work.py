"""Bugs in the queue and its workers."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from lab.planted.bug import Bugs, module_of, swap

BUGS = Bugs()
QUEUE = "reglo.events.queue"
WORKER = "reglo.events.worker"


@BUGS.plant("The end is written by whoever comes, whatever his fence.")
def lease_without_fence() -> Any:
    from reglo.events.models import Reaction

    def close(reaction: Any, **changes: object) -> bool:
        return bool(Reaction.objects.filter(id=reaction.id).update(lease_until=None, **changes))

    return swap(QUEUE, "_close", close)


@BUGS.plant("Work left by a dead worker is never taken again.")
def lease_that_never_ends() -> Any:
    return swap(QUEUE, "LEASE", timedelta(days=3650))


@BUGS.plant("What must follow an event is written after its commit: a crash between the two forgets it.")
def reactions_after_the_commit() -> Any:
    record = "reglo.events.record"
    honest = module_of(record).insert_all
    return swap(record, "insert_all", lambda rows: transaction.on_commit(lambda: honest(rows)))


@BUGS.plant("Work is marked as done before it is done.")
def done_before_it_is() -> Any:
    module = module_of(WORKER)
    honest = module.reaction_named
    held: list[Any] = []
    claim = module_of(QUEUE).claim

    def remember(*, now: Any) -> Any:
        held[:] = [claim(now=now)]
        return held[0]

    def named(name: str) -> Any:
        from reglo.events.models import Reaction

        Reaction.objects.filter(id=held[0].id).update(state="done")
        return honest(name)

    from contextlib import ExitStack

    stack = ExitStack()
    stack.enter_context(swap(QUEUE, "claim", remember))
    stack.enter_context(swap(WORKER, "reaction_named", named))
    return stack


@BUGS.plant("The chain of entries forks: each entry names the head of the beginning.")
def ledger_chain_that_forks() -> Any:
    post = "reglo.ledger.services.post_entry"
    honest = module_of(post).lock_entry_chain

    def lock(company_id: int) -> Any:
        chain = honest(company_id)
        if chain.position % 5 == 4:
            chain.head = ""
        return chain

    return swap(post, "lock_entry_chain", lock)
