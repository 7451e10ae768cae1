"""How often public pages are read: sums of a day, and nothing of who read them."""
