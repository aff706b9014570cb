"""One's private calendar feed."""
