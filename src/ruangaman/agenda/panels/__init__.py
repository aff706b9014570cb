"""What the agenda shows on the page of a dossier."""
