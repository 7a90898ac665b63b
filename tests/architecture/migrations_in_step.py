"""For `make check`: migrations make the tables that the models describe. Exit code 1 and a list when they do not."""

import sys

from tests.architecture.databases import ADVICE, differences_on_sqlite


def main() -> int:
    """Compare on SQLite; the tests do it on PostgreSQL too."""
    found = differences_on_sqlite()
    print("\n".join([*found, ADVICE]) if found else "migrations and models are in step")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
