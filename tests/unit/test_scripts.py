"""The scripts behind make: what they say where the machine lacks something."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A copy of the scripts on a machine with hardly any programs; returns its root."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "scripts").mkdir()
    for name in ("environment.sh", "chromium.sh"):
        target = tmp_path / "scripts" / name
        target.write_bytes((ROOT / "scripts" / name).read_bytes())
        target.chmod(0o755)
    for name in ("sh", "dirname", "mktemp", "rm", "timeout", "cat"):
        real = next(p for folder in ("/usr/bin", "/bin") if (p := Path(folder) / name).exists())
        (tmp_path / "bin" / name).symlink_to(real)
    return tmp_path


def program(machine: Path, name: str, does: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(0o755)


def run(machine: Path, script: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine / "bin"), "HOME": str(machine), "TMPDIR": str(machine)}
    return subprocess.run(
        [machine / "scripts" / script, *words], env=environment, capture_output=True, text=True, timeout=60
    )


def test_an_old_python_is_refused_in_clear_words(machine: Path) -> None:
    program(machine, "python3", 'case "$1" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac')
    told = run(machine, "environment.sh")
    assert told.returncode == 1
    assert "Python 3.9.2" in told.stderr and "needs Python 3.11 or newer" in told.stderr


def test_a_newer_python_beside_an_old_one_is_taken(machine: Path) -> None:
    program(machine, "python3", "exit 1")
    program(machine, "python3.12", 'case "$2" in *executable*) echo /usr/local/bin/python3.12 ;; esac')
    program(machine, "uv", 'echo "uv $*"')
    told = run(machine, "environment.sh", "--no-dev")
    assert (
        told.stdout.splitlines()[-1]
        == "uv sync --frozen --compile-bytecode --python /usr/local/bin/python3.12 --no-dev"
    )


def test_without_uv_and_without_network_it_says_what_to_do(machine: Path) -> None:
    program(machine, "python3", 'case "$2" in *executable*) echo "$0" ;; venv) exit 1 ;; esac')
    told = run(machine, "environment.sh")
    assert told.returncode == 1
    assert "uv could not be installed" in told.stderr and "python3-venv" in told.stderr


def test_uv_is_brought_along_where_it_is_missing(machine: Path) -> None:
    fetched = (
        "mkdir -p .uv/bin; printf '#!/bin/sh\\necho \"own uv $*\"\\n' > .uv/bin/uv; "
        "printf '#!/bin/sh\\n' > .uv/bin/python; chmod +x .uv/bin/uv .uv/bin/python"
    )
    for name in ("mkdir", "chmod"):
        (machine / "bin" / name).symlink_to(f"/bin/{name}")
    program(machine, "python3", f'case "$2" in *executable*) echo "$0" ;; venv) {fetched} ;; esac')
    told = run(machine, "environment.sh")
    assert told.returncode == 0
    assert told.stdout.splitlines()[-1].startswith("own uv sync --frozen")


def test_the_systems_chromium_is_taken_where_it_works(machine: Path) -> None:
    program(machine, "chromium", "exit 1")
    program(machine, "google-chrome", "exit 0")
    told = run(machine, "chromium.sh")
    assert told.stdout.strip() == str(machine / "bin" / "google-chrome")


def test_without_any_chromium_it_says_what_to_do(machine: Path) -> None:
    program(machine, "id", "echo 1000")
    told = run(machine, "chromium.sh")
    assert told.returncode == 1
    assert "apt-get install chromium" in told.stderr and "make CHROMIUM=" in told.stderr


def test_debians_chromium_is_installed_where_it_may_be(machine: Path) -> None:
    program(machine, "id", "echo 0")
    for name in ("env", "chmod"):
        (machine / "bin" / name).symlink_to(f"/usr/bin/{name}")
    made = f"printf '#!/bin/sh\\n' > {machine}/bin/chromium; chmod +x {machine}/bin/chromium"
    program(machine, "apt-get", f'case "$*" in *chromium*) {made} ;; esac')
    (machine / "bin" / "true").symlink_to("/bin/true")
    told = run(machine, "chromium.sh")
    assert told.stdout.strip() == str(machine / "bin" / "chromium")
