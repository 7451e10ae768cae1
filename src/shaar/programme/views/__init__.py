"""Pages of programmes: public ones, and those on which the staff plan, report, approve and import."""
