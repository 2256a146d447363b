"""Fails where `storage.schema` and the migrations would make two different databases: a migration is missing then."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.migrate import check, migrate


def main() -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'schema.db'}"
        migrate(url)
        differences = check(url)
    if differences:
        sys.exit("\n".join(["storage.schema needs a migration (storage.migrate.draft):", *differences]))


if __name__ == "__main__":
    main()
