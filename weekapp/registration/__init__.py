"""One form, two results: registering an activity and ordering its package in one go."""
