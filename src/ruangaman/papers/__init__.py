"""Papers: sealed files, who had them in hand, and letters."""
