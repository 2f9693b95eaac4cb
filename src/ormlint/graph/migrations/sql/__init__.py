"""Raw SQL in migrations: what it does to the schema, and what it asks the catalogue."""
