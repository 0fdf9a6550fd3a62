"""What is done again and again: name, period, function `(*, now) -> None` by dotted path. Each is safe to run twice."""

from datetime import timedelta

from reglo.events.schedule import Periodic

SCHEDULE: tuple[Periodic, ...] = (
    Periodic("seal events", timedelta(minutes=1), "reglo.events.sealing.seal_events"),
    Periodic("sweep payments", timedelta(minutes=10), "reglo.payments.tasks.sweep"),
    Periodic("list recent objects", timedelta(hours=1), "reglo.payments.tasks.list_recent"),
    Periodic("compare balances", timedelta(days=1), "reglo.payments.tasks.compare_balances"),
    Periodic("check accounts", timedelta(days=1), "reglo.payments.tasks.check_accounts"),
    Periodic("prune notifications", timedelta(days=1), "reglo.payments.tasks.forget_old_bodies"),
    Periodic("tell chain heads", timedelta(days=1), "reglo.delivery.tasks.tell_heads"),
    Periodic("forget portal sessions", timedelta(hours=1), "reglo.delivery.tasks.forget_sessions"),
    Periodic("forget tries", timedelta(hours=1), "reglo.portal.tasks.forget_tries"),
    Periodic("close periods", timedelta(hours=1), "reglo.archives.tasks.close_every_period"),
    Periodic("build archives", timedelta(minutes=1), "reglo.archives.tasks.build_archives"),
    Periodic("forget archives", timedelta(days=1), "reglo.archives.tasks.forget_old_archives"),
    Periodic("sweep files", timedelta(days=1), "reglo.files.sweep.sweep_files"),
)
