"""A case: what happened, how safe she is, what she needs, the plan, and who holds it."""
