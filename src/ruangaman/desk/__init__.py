"""Pages put together from what the rooms give: the list of reports, the page of a dossier. Composition only."""
