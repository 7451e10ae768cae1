"""Makes the full base map from an OpenStreetMap extract: tiles, a street list and a road graph."""
