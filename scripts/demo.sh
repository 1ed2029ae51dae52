#!/usr/bin/env bash
# A whole round: demo.sh MINGCHA FOLDER. Draws, verifies, answers, estimates, scores and writes the annex.
# The households are synthetic; the seed stands here so that every run shows the same round.
set -euo pipefail
mingcha=$(realpath "$1")
export MINGCHA_SHARE=${MINGCHA_SHARE:-$(cd "$(dirname "$0")/.." && pwd)}
rm -rf "$2"
mkdir -p "$2"
cd "$2"

# A step whose output would fill the screen: kept in a file, shown only if it fails.
step() {
  local file=$1
  shift
  echo "$ mingcha $*"
  "$mingcha" "$@" >"$file" 2>"$file.messages" || { status=$?; cat "$file" "$file.messages" >&2; exit "$status"; }
}

echo 00112233445566778899aabbccddeeff >seed.txt # in earnest: dice, a notary, a lottery
mkdir output
step output/init init round --template inner-mongolia-2018
step output/draw-visit draw round county-visit --seed-file seed.txt
step output/verify-visit verify round county-visit --seed-file seed.txt
step output/synthesize synthesize round --seed demo --draw households --seed-file seed.txt
step output/draw-households draw round households --seed-file seed.txt
step output/verify-households verify round households --seed-file seed.txt
step output/answers synthesize round --seed demo --answers --draw households
step output/lists lists round households --format xlsx,html -o round/draws/households/teams
step output/field-read field read round households round/responses/households/synthetic.csv
step output/field-report field report round households
step output/check check round --format html,xlsx,json --output checked
step output/estimate estimate round
step output/score score round
step output/annex annex round --language zh --language en --format html,xlsx,csv

printf '\n县级暗访名单 The county visit list\n\n'
cat output/draw-visit
echo
cat output/verify-visit

# Columns by their names, the Chinese name last, since it is twice as wide as it counts.
rates() {
  awk -F, -v by="$1" -v only="$2" '
    NR == 1 { sub(/^\xef\xbb\xbf/, ""); for (i = 1; i <= NF; i++) place[$i] = i; next }
    {
      isLeague = $place["league_code"] != "" && $place["county_code"] == ""
      isRegion = $place["league_code"] == "" && $place["county_code"] == ""
      if (by == "league" ? !isLeague : !isRegion) next
      if (only != "" && $place["indicator"] != only) next
      printf "%7.2f%%  %6.2f%% – %6.2f%%  %-8s %-12s %s\n", 100 * $place["estimate"], 100 * $place["lower"],
        100 * $place["upper"], $place["limit"], $place["verdict"],
        by == "league" ? $place["domain"] : $place["indicator_name"]
    }' round/results/estimates.csv
}
printf '\n准确率 The accuracy rates, whole region, with 95 %% intervals\n\n'
rates region ''
printf '\n退出精准度 Exit accuracy by league\n\n'
rates league exit_accuracy

printf '\n访问结果 What became of the households drawn\n\n'
sed -n '/应答率 RR[12] /p; /替换率 /p; /无结果 /p' output/field-report | sed -n '1,4p'
printf '\n各组名单 Lists for teams: %s\n' "$PWD/round/draws/households/teams"
printf '抽样误差附表 The sampling-error annex: %s\n' "$PWD/round/results/annex-zh.html"
