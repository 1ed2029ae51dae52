#!/usr/bin/env bash
# Checks for Swift 6.2 or later and installs the Debian packages that are missing of a list, packages.txt unless another
# is named.
set -euo pipefail
cd "$(dirname "$0")/.."
list=${1:-packages.txt}

fail() {
  printf '%s\n' "$@" >&2
  exit 69
}

command -v swift >/dev/null || fail \
  "没有找到 swift。需要 Swift 6.2 或更高版本：https://www.swift.org/install/linux/" \
  "swift was not found. Swift 6.2 or later is needed: https://www.swift.org/install/linux/"
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
if [ "$(printf '6.2\n%s\n' "${version:-0}" | sort -V | head -n 1)" != 6.2 ]; then
  fail "Swift ${version:-?} 太旧，需要 6.2 或更高版本。" "Swift ${version:-?} is too old; 6.2 or later is needed."
fi

command -v dpkg-query >/dev/null || fail \
  "这不是 Debian 系统：请自行安装 $list 所列库的对应软件包，然后运行 swift build。" \
  "This is not a Debian system: install what $list lists under your system's names, then run swift build."
missing=()
while read -r package; do
  case $package in '' | '#'*) continue ;; esac
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
done <"$list"
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  fail "缺少软件包，请以 root 身份运行：" "Packages are missing; run as root:" \
    "  apt-get install ${missing[*]}"
fi
echo "Installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
  { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null; }
