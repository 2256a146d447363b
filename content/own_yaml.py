"""The project's own YAML: nobody hostile wrote it, so it may be read the quick way. What others send goes through `strict_yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml, five times as quick, where PyYAML was built with it: every wheel is."""


def load(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), _LOADER)


def compose(path: Path) -> yaml.Node | None:
    """The tree as it is written: with every repeated key, and ``no`` as text."""
    root: yaml.Node | None = yaml.compose(path.read_text("utf-8"), _LOADER)
    return root
