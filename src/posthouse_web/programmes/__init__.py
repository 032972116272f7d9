"""方案: a plan document is read, a person corrects and confirms the reading, versions are compared."""
