"""The worker: it does what `weekapp` has written down as wanted (batches, mails, repairs)."""
