"""Who is who in a dossier: sealed identities, and finding them again without opening them."""
