"""What collects money for us. A provider translates, and does nothing else: no table, no invoice, no page."""
