"""What may happen, by actor: one file each. A step names an action; the heavier, the more often it is drawn."""

from lab.simulation.actions import (
    accountant,
    administrator,
    creditor,
    customer,
    deliverer,
    house,
    refunder,
    time,
    worker,
)
from lab.simulation.actions.table import Action

ACTIONS: dict[str, Action] = {
    action.name: action
    for module in (accountant, administrator, creditor, customer, deliverer, house, refunder, time, worker)
    for action in module.ACTIONS
}
