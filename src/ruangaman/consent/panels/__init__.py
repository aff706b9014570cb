"""What consent shows on the page of a dossier."""

from ruangaman.consent.panels.recalls import recalls as recalls
