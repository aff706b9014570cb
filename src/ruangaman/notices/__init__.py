"""Notices: in the application, by mail, to the unit's own messenger. That something waits, and never what."""
