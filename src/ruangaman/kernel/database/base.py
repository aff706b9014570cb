"""Django's PostgreSQL backend, and one thing more: each transaction begins by showing the ticket."""

import psycopg
from django.db.backends.postgresql import base

from ruangaman.kernel import tickets


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that carries the current ticket into each transaction, for that transaction only."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs lack it
        ticket = tickets.carried()
        if not autocommit and ticket:
            self.send_ticket(ticket)

    def send_ticket(self, ticket: str) -> None:
        """This will show ``ticket`` until the transaction ends.

        The value goes as a parameter bound on the server: a literal would stand in ``pg_stat_activity``, where every
        session of the same role can read it.
        """
        with self.wrap_database_errors:
            psycopg.Cursor(self.connection).execute(
                "SELECT set_config(%s, %s, true)", (tickets.SETTING, ticket)
            )
