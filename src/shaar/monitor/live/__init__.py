"""The live stream of the monitor: one process, one PostgreSQL connection, thousands of listeners."""
