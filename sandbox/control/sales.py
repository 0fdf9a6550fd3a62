"""A sale that the seller makes elsewhere, on the same account: a payment link, a shop, a till."""

from typing import Any

from sandbox.stripe import cards, paying, payment_intents, payment_methods
from sandbox.stripe.calls import Call
from sandbox.stripe.objects import Json
from sandbox.stripe.seed import SELLER
from sandbox.world import World


def sell(world: World, values: dict[str, Any], base_url: str) -> Json | None:
    """The intent, paid or refused; None for a card that is none of the test ones.

    `values`: `amount` in the smallest unit, `currency`, `card`, `description`, `metadata`, `account`, `live`.
    """
    card = cards.BY_NUMBER.get(str(values.get("card", cards.CARDS[0].number)))
    if card is None:
        return None
    with world.store.transaction() as db:
        call = Call(
            world,
            db,
            world.clock.now(),
            account=str(values.get("account", SELLER)),
            livemode=str(values.get("live", "false")).lower() == "true",
            base_url=base_url,
        )
        method = call.add(payment_methods.card_method(call, card, {"email": "acheteur@example.com"}))
        intent = payment_intents.start(
            call,
            amount=int(values.get("amount", 1990)),
            currency=str(values.get("currency", "eur")),
            types=["card"],
        )
        intent["description"] = values.get("description", "Vente faite ailleurs")
        intent["metadata"] = values.get("metadata", {})
        paying.pay(call, call.save(intent), method)
    return intent
