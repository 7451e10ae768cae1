"""Workbooks of programmes: the form that a unit fills in, and a whole plan."""
