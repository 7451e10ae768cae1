"""People, roles, permissions and the audit of who read and changed what."""
