"""Ratings of units by versioned regulations: scores with their steps, ranks with their uncertainty."""
