"""Whether the API is there."""
