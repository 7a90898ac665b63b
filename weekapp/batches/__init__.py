"""Batches as they are wanted and as logistics see them; `fulfilment` makes them."""
