"""Django's way to PostgreSQL, with one habit less (`base`)."""
