"""Policies as files: who may see what, what each field is, which tables are open. People read them, code runs them."""
