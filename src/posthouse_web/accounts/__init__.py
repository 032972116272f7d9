"""People: who they are, what they may see and do, and what personal data they have read."""
