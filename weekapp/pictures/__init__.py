"""Pictures that people send: checked, made anew without anything hidden in them, and shown under an address made of their content."""
