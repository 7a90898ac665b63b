"""Orders of packages, from click to doorstep."""
