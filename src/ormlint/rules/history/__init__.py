"""Rules on the revision graph."""
