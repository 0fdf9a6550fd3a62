"""The pages of the customer: one file per page."""
