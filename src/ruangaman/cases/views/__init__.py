"""Pages that write a case."""
