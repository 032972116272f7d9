"""台账: the registers of the workspace as rows to search, edit, close and export; edits go back into the workspace."""
