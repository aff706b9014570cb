"""Making an appointment, its page, and what becomes of it."""
