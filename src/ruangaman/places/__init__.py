"""Provinces to kelurahan: where something happened, where someone lives, what a unit serves."""
