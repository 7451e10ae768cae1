"""What people are told: kinds, words, choices, and the page of a person's notices."""
