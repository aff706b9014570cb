"""Ruang Aman: one safe system for protection services."""
