"""Stripe's side: the API under /v1, OAuth, the hosted payment page, the key page, events and their delivery."""
