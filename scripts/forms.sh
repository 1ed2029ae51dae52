#!/usr/bin/env bash
# forms.sh MINGCHA: the forms of Surveys/ against pyxform and, where Java can be had, ODK Validate.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v java >/dev/null || scripts/setup.sh scripts/forms/packages.txt || true
.venv/bin/python scripts/forms/check_forms.py "$1"
