"""The base map: tiles, style, street list and road graph, and the map's public page."""
