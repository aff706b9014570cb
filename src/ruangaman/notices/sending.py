"""Sending what waits: at least once, and by one name each time, so that a second copy is known as one."""
