#!/bin/sh
# Brings .venv to what uv.lock says, and uv itself where the machine has none. Arguments go to `uv sync`;
# `lock` instead asks whether uv.lock still says what pyproject.toml does.
set -eu
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9 # brought along only where `uv` is not on the PATH
OLDEST=3.11

say() { printf '%s\n' "$*" >&2; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    if new_enough "$candidate"; then
        python=$("$candidate" -c 'import sys; print(sys.executable)')
        break
    fi
done
if [ -z "$python" ]; then
    say "学伴需要 Python $OLDEST 或更新的版本；这里找到的是：$(${PYTHON:-python3} --version 2>&1 || true)"
    say "请安装后再试，或指明位置：make PYTHON=/路径/python3.12 …"
    say "学伴 needs Python $OLDEST or newer. Install it and try again, or say where it is: make PYTHON=/path/to/python3.12 …"
    exit 1
fi

if uv --version >/dev/null 2>&1; then
    uv=uv
else
    uv=.uv/bin/uv
    case "$("$uv" --version 2>/dev/null || true)" in
    "uv $UV_VERSION"*) ;;
    *)
        say "准备 uv $UV_VERSION · fetching uv $UV_VERSION"
        if ! { "$python" -m venv --clear .uv && .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"; }; then
            say "没能装上 uv：请检查网络，并确认 Python 带有 venv（Debian：apt-get install python3-venv）。"
            say "uv could not be installed: check the network, and that Python has venv (Debian: apt-get install python3-venv)."
            exit 1
        fi
        ;;
    esac
fi

if [ "${1:-}" = lock ]; then exec "$uv" lock --check; fi

# Compiled at once: the first start is as quick as the second, and so is every process a test starts.
sync() { "$uv" sync --frozen --compile-bytecode --python "$python" "$@"; }
# Behind a proxy with certificates of its own, only the system knows them; on a bare machine, only uv does.
sync "$@" || UV_SYSTEM_CERTS=1 sync "$@"
