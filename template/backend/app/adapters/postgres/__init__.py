"""What every data layer asks of Postgres itself."""
