#!/bin/sh
# Prints the path of a Chromium that works: the system's; else Debian's package where it may be installed; else Playwright's own download.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
# Ubuntu's chromium is a stub that asks for snap: only what really opens a page counts.
works() { timeout 60 "$1" --headless --no-sandbox --disable-gpu --user-data-dir="$profile" --dump-dom about:blank >/dev/null 2>&1; }
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT

system() {
    for name in ${CHROMIUM:-chromium chromium-browser google-chrome google-chrome-stable}; do
        found=$(command -v "$name" 2>/dev/null) || continue
        if works "$found"; then
            printf '%s\n' "$found"
            return 0
        fi
    done
    return 1
}

admin() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

debian() {
    command -v apt-get >/dev/null 2>&1 || return 1
    admin true 2>/dev/null || return 1
    say "安装 Debian 的 Chromium · installing Debian's Chromium"
    admin apt-get update -qq >&2 &&
        admin env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >&2
}

playwrights() {
    say "下载 Playwright 的 Chromium · downloading Playwright's Chromium"
    if command -v apt-get >/dev/null 2>&1 && admin true 2>/dev/null; then
        .venv/bin/playwright install-deps chromium >&2 || true
    fi
    .venv/bin/playwright install chromium >&2 || return 1
    path=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as start
with start() as p: print(p.chromium.executable_path)')
    works "$path" && printf '%s\n' "$path"
}

system && exit 0
if debian; then system && exit 0; fi
playwrights && exit 0

say "浏览器测试需要 Chromium，这里没有，也没能装上。请任选其一后再试："
say "  apt-get install chromium fonts-noto-cjk（需要管理员）；或安装 Google Chrome；或 make CHROMIUM=/路径/chromium test"
say "The browser tests need Chromium; there is none here and it could not be installed. Do one of these and try again:"
say "  apt-get install chromium fonts-noto-cjk (as administrator); or install Google Chrome; or make CHROMIUM=/path/to/chromium test"
exit 1
