"""Going out and coming back."""
