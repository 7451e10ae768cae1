"""How the city is doing now: blocks of tiles, comparison, alerts, the live stream, the morning digest."""
