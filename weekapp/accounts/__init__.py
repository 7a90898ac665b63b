"""People who sign in: staff with a second factor, initiators with a link by mail; and who may do what."""
