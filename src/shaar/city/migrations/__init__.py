"""Changes of the tables of `city`."""
