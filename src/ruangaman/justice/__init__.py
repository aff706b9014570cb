"""The legal process, from the report to the police to verdict and restitution, as it happens."""
