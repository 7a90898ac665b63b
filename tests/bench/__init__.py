"""What the site and the worker cost, measured on real processes of this machine: `make bench`, or `python -m tests.bench --help`."""
