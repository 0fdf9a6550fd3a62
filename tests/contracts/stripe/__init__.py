"""Checks of both sides of the Stripe wire by things that we did not write: the SDK's types and the official client."""
