"""The outbox: one row is one mail, written with the change that it tells of, sent by the worker."""
