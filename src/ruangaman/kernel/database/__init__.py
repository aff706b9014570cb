"""A PostgreSQL backend that shows the ticket at the start of each transaction."""
