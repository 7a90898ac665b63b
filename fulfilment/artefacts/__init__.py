"""The files of a batch: the same rows always give the same bytes."""
