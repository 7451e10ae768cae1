"""The pages of `access`: signing in, one's settings, people and roles, units and calendar, the audit."""
