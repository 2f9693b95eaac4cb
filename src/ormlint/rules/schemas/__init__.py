"""Rules on schemas and the models that they mirror."""
