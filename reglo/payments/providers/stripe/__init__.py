"""Stripe: hosted Checkout, on the merchant's own account. The SDK is imported nowhere else."""
