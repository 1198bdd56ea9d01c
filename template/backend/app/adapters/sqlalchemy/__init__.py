"""The ports, filled by PostgreSQL through SQLAlchemy."""
