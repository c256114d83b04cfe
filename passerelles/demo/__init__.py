"""A fictitious territory to try the platform on. Everything goes through the rooms' verbs."""
