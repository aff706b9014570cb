"""Reads of papers."""
