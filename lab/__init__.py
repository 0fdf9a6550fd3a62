"""The lab: it tries to lose a cent, a number or a receipt, and must fail to.

Each part breaks the real code on a real database in its own way; `docs/algorithms/lab.md` says how each works and what
it can see. A part is a module with `run(order, tell) -> Result`, run in a process of its own by `lab/part.py`.
"""
