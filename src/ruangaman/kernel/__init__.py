"""What every room stands on: time, ids, sealing, tickets, roles of the database, protection of tables."""
