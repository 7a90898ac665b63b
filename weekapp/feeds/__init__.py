"""Activities for machines: iCalendar, GeoJSON, JSON, Atom, CSV; the only place that knows icalendar."""
