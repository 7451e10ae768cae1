"""Indicator passports, formulas, rollups and validation rules over facts."""
