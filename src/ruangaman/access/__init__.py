"""Organisations, people who work here, the permission table, and the dossier spine with its sections, grants, walls."""
