"""The map of activities; the only place that knows folium."""
