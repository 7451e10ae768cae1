"""Texts that people give for proofreading: kept with their proofs, decided upon finding by finding."""
