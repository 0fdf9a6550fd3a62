"""`make bench`: every figure is a ratio taken within one run, because machines are noisy (DESIGN, speed)."""
