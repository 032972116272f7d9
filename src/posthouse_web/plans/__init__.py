"""规划: scenarios of the village plan, run with progress, compared, published, put in force; and their files."""
