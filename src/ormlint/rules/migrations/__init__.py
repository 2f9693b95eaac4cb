"""Rules on models and migrations."""
