"""A report: the public form, the code, the thread, and the first answer."""
