#!/usr/bin/env bash
# Compares the estimators with R survey on random designs.
#
#   scripts/crosscheck.sh REFERENCE_CHECK FOLDER [--designs 200] [--seed 2018] [--only NUMBER]
#
# Ends with 1 where a figure differs; the designs in question are then kept in FOLDER/failing. Ends with 69 without R.
set -euo pipefail
cd "$(dirname "$0")/.."
check=$1
folder=$2
shift 2

has_survey() {
  command -v Rscript >/dev/null && Rscript -e 'library(survey); library(jsonlite)' >/dev/null 2>&1
}

if ! has_survey; then
  scripts/setup.sh scripts/crosscheck/packages.txt || true
  if ! has_survey; then
    printf '%s\n' \
      "没有可用的 R 或其程序包 survey、jsonlite，未作比较。请安装 scripts/crosscheck/packages.txt 所列的软件包。" \
      "R with its packages survey and jsonlite cannot be had: nothing was compared. Install what" \
      "scripts/crosscheck/packages.txt lists." >&2
    exit 69
  fi
fi

rm -rf "$folder"
python3 -B scripts/crosscheck/make_designs.py "$folder" "$@"
Rscript scripts/crosscheck/survey_answers.R "$folder"

status=0
"$check" estimation "$folder" >"$folder/report.txt" || status=$?
if [ "$status" -gt 1 ]; then
  cat "$folder/report.txt"
  exit "$status"
fi
grep '^FAIL' "$folder/report.txt" | head -n 40 || true
grep -v '^FAIL' "$folder/report.txt"
[ "$status" -ne 0 ] || exit 0

mkdir -p "$folder/failing/cases" "$folder/failing/data"
grep '^FAIL' "$folder/report.txt" | cut -d ' ' -f 2 | sort -u | while read -r design; do
  cp "$folder/cases/$design.json" "$folder/failing/cases/"
  cp "$folder/data/$design"[._]* "$folder/failing/data/"
  echo "$design: $(sed -n 's/.*"about": *"\([^"]*\)".*/\1/p' "$folder/cases/$design.json")"
done
echo "All differences: $folder/report.txt. To repeat: $check estimation $folder/failing"
exit 1
