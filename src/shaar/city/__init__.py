"""Units, territories and the working calendar of a city, each with its dates of validity."""
