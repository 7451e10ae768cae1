"""What every module may use: money, periods, geometry, errors, identifiers."""
