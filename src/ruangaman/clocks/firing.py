"""Telling people of deadlines, exactly once a moment, by any number of workers."""
