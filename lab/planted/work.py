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

    def close(reactions: Any, **changes: object) -> int:
        return Reaction.objects.filter(id__in=[one.id for one in reactions]).update(lease_until=None, **changes)

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
    honest = module.react

    def react(name: str, events: Any, now: Any) -> Any:
        from reglo.events.models import Reaction

        Reaction.objects.filter(name=name, event__in=events).update(state="done")
        return honest(name, events, now)

    return swap(WORKER, "react", react)


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
