"""Items: the example of a resource that belongs to a user."""
