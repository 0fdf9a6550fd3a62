"""The postman of the payment house: late, twice, out of order, never, too early, forged."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.test import Client

from lab.outside.house import Notice
from lab.simulation.actions.table import Actions
from lab.simulation.stage import Stage

ACTIONS = Actions("deliverer")


@ACTIONS.add(14)
def deliver(stage: Stage) -> None:
    if waiting := stage.outside.house.waiting():
        carry(stage, stage.draw.choice(waiting))


@ACTIONS.add(5)
def deliver_all(stage: Stage) -> None:
    """Everything that waits, in any order."""
    waiting = stage.outside.house.waiting()
    stage.draw.shuffle(waiting)
    for notice in waiting:
        carry(stage, notice)


@ACTIONS.add(3)
def deliver_again(stage: Stage) -> None:
    told = [notice for notice in stage.outside.house.notices.values() if notice.acknowledged]
    if told:
        carry(stage, stage.draw.choice(told))


@ACTIONS.add(3)
def lose_our_answer(stage: Stage) -> None:
    """We stored it and said so; the house never heard."""
    if waiting := stage.outside.house.waiting():
        notice = stage.draw.choice(waiting)
        carry(stage, notice)
        notice.acknowledged = False


@ACTIONS.add(2)
def drop(stage: Stage) -> None:
    """Given up for ever: only the sweep can find out."""
    if waiting := stage.outside.house.waiting():
        stage.draw.choice(waiting).abandoned = True


@ACTIONS.add(3)
def during_our_next_call(stage: Stage) -> None:
    """Everything that waits arrives while we wait for the answer to something else."""

    def arrive() -> None:
        for notice in stage.outside.house.waiting():
            carry(stage, notice)

    stage.meanwhile.plan(arrive)


@ACTIONS.add(1)
def forge(stage: Stage) -> None:
    _refused(stage, secret="whsec_forged")  # noqa: S106 (a forger has one)


@ACTIONS.add(1)
def replay_old(stage: Stage) -> None:
    """A good signature of an hour ago. A clock of ours that is wrong may believe it: then nothing is said."""
    if not stage.outside.clock.ours:
        _refused(stage, age=timedelta(hours=1))


def carry(stage: Stage, notice: Notice, *, secret: str = "", age: timedelta = timedelta()) -> int:
    """Post it to our hook; the house forgets it only after a 2xx. The status."""
    house = stage.outside.house
    body, signature = house.signed(notice, now=stage.outside.clock.true - age, secret=secret)
    path = urlsplit(house.accounts[notice.account_id].endpoint_url).path
    client = Client(SERVER_NAME="localhost", SERVER_PORT="8000")
    answer = client.post(path, data=body, content_type="application/json", headers={"Stripe-Signature": signature})
    if 200 <= answer.status_code < 300 and not secret and not age:
        notice.acknowledged = True
        house.version += 1
    return answer.status_code


def _refused(stage: Stage, *, secret: str = "", age: timedelta = timedelta()) -> None:
    notices = list(stage.outside.house.notices.values())
    if notices:
        status = carry(stage, stage.draw.choice(notices), secret=secret, age=age)
        if status != 400:
            stage.faults.append(f"a forged notice was answered {status}")
