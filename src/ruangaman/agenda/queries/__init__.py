"""Reads of the agenda; what is read takes who reads."""
