"""What changes for a user, as it happens."""
