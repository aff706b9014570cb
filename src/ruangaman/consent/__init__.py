"""What may be done with whom, as the client decided; projects into grants, which are all that access reads."""
