"""Reads of the agenda; what is read takes who reads."""

from ruangaman.agenda.queries.bookings import bookings_in_conflict as bookings_in_conflict
