#!/usr/bin/env python3
"""Makes frame/ and codes/ from the public code lists: make_frame.py SOURCE_FOLDER

SOURCE_FOLDER holds leagues.csv, counties.csv, townships.csv, townships_2018.csv, villages.csv and zones.csv (see README.md
for where they come from). Only columns are chosen and joined; no code or name is changed, and nothing
synthetic is added except frame/administrative-scores.csv, whose columns say so.
"""
import csv
import pathlib
import sys
from collections import Counter

RURAL = ("村委会", "类似村委会")
HERE = pathlib.Path(__file__).parent / "frame"


def read(folder, name):
    with open(folder / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(name, rows, folder=HERE):
    folder.mkdir(exist_ok=True)
    with open(folder / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows")


def administrative_example(leagues):
    """Invented shares, so that the score sheet has something to show. Three cells are left out on purpose."""
    rows = []
    for place, league in enumerate(leagues):
        share = {
            "01": 1.0 if place % 5 else 0.96,
            "02": 1.0,
            "03": 1.0 if place % 4 != 2 else 0.0,
            "06": round(0.84 + 0.01 * (place * 5 % 13), 2),
            "07": round(0.82 + 0.01 * (place * 7 % 15), 2),
            "14": round(0.80 + 0.01 * (place * 3 % 17), 2),
            "17": round(0.85 + 0.01 * (place * 4 % 11), 2),
            "18": round(0.82 + 0.01 * (place * 6 % 14), 2),
        }
        if league["short"] == "乌海":
            del share["02"]  # no poverty county: nothing to assess
        if league["short"] == "阿拉善":
            del share["17"]  # report not delivered
        if league["short"] == "包头":
            del share["18"]  # findings of the discipline inspection still open
        for row, value in share.items():
            rows.append({
                "league_code": league["code"], "league_name": league["name_zh"], "row": row,
                "synthetic_share": f"{value:g}",
            })
    return rows


def main():
    source = pathlib.Path(sys.argv[1])
    leagues = read(source, "leagues.csv")
    counties = read(source, "counties.csv")
    zones = {zone["code"]: zone for zone in read(source, "zones.csv")}
    townships = read(source, "townships.csv")
    league_name = {league["code"]: league["name_zh"] for league in leagues}
    county_league = {county["code"]: county["league_code"] for county in counties}
    county_league.update({code: zone["league_code"] for code, zone in zones.items()})

    villages = [v for v in read(source, "villages.csv") if v["kind"] in RURAL]
    rural = Counter(v["county_code"] for v in villages)
    write("leagues.csv", leagues)
    write("counties.csv", [{
        "code": c["code"], "name_zh": c["name_zh"], "league_code": c["league_code"],
        "league_name": league_name[c["league_code"]], "kind": c["kind"],
        "poverty_status": c["poverty_status"], "exit_year": c["exit_year"],
        "status_basis": c["status_basis"],
        # recall: the status itself; residual: the year of the split 2017 / 2018
        "status_uncertain": int(c["status_basis"] in ("recall", "residual")),
        "rural_villages": rural[c["code"]],
    } for c in counties])
    write("townships.csv", [{
        "code": t["code"], "name_zh": t["name_zh"], "county_code": t["county_code"],
        "league_code": county_league[t["county_code"]], "parent_type": t["parent_type"],
        "kind": t["kind"], "in_2018": t["in_2018"],
    } for t in townships])
    write("villages.csv", [{
        "code": v["code"], "name_zh": v["name_zh"], "township_code": v["township_code"],
        "county_code": v["county_code"], "league_code": county_league[v["county_code"]],
        "kind": v["kind"], "urban_rural": v["urban_rural"], "gacha": v["gacha"],
        "zone": int(v["county_code"] in zones),
    } for v in villages])
    write("administrative-scores.csv", administrative_example(leagues))
    for edition, lower in (
        ("2018", read(source, "townships_2018.csv")),
        ("2023", townships + read(source, "villages.csv")),
    ):
        zones_then = [zone for zone in zones.values() if edition in zone["editions"]]
        areas = sorted((a["code"], a["name_zh"]) for a in leagues + counties + zones_then + lower)
        write(
            f"areas-{edition}.csv", [{"code": code, "name_zh": name} for code, name in areas],
            HERE.parent / "codes",
        )


if __name__ == "__main__":
    main()
