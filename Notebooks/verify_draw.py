#!/usr/bin/env python3
"""Repeats a draw of Mingcha without Mingcha: python3 verify_draw.py RECEIPT --frame FILE

A second implementation of the draw protocol (docs/draw-protocol.md) in plain Python, for whoever would
rather not trust the first. It computes the seed, every key, ticket and frame digest, draws every stage
again, and compares all of it with the receipt and with the list beside it. CSV files only: a workbook is
saved as CSV first, which changes no digest, since a digest is taken of the values.

Exit codes, as of `mingcha verify`: 0 all repeats; 1 something differs, the first thing is named; 69 the
receipt is sealed and no seed was given; 66 a file is missing.
"""

import argparse
import glob
import json
import os
import sys

from verifier.exclusions import Earlier
from verifier.frames import read_file, read_frame
from verifier.receipts import verified
from verifier.tickets import Difference, combined_seed, seed_file_text

DIFFERS, NO_INPUT, UNDECIDED = 1, 66, 69


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt", help="receipt.json, or the folder it is in")
    parser.add_argument(
        "--frame",
        action="append",
        default=[],
        metavar="FILE",
        help="one a stage in their order; several files as one quoted pattern or separated by commas; without it the "
        "files named in the receipt are looked for here, beside the receipt and above it",
    )
    parser.add_argument("--seed-file", metavar="FILE", help="the seed's text, while the receipt is sealed")
    parser.add_argument(
        "--contribution-file",
        action="append",
        default=[],
        metavar="FILE",
        help="one party's text of a ceremony, repeated in the agreed order",
    )
    parser.add_argument("--list", metavar="FILE", help="the list to compare; by default list.csv beside the receipt")
    parser.add_argument(
        "--units",
        action="append",
        default=[],
        metavar="STAGE=FILE",
        help="the rows that the filter leaves of a stage's frame, where you would rather filter yourself",
    )
    parser.add_argument(
        "--earlier",
        action="append",
        default=[],
        metavar="RECEIPT",
        help="an earlier draw whose units were left out: its receipt or folder; needed while this receipt is sealed",
    )
    parser.add_argument(
        "--earlier-seed-file",
        action="append",
        default=[],
        metavar="FILE",
        help="seed of an earlier draw that is still sealed; a ceremony's files joined by commas",
    )
    parser.add_argument("--dedupe", action="store_true", help="the draw was made with --dedupe")
    return parser.parse_args()


def found_beside(names, folder):
    """Files named in the receipt: here, beside the receipt, or in the folders above it, as in a survey folder."""
    parts = [part.strip(" ") for part in names.split(",")]
    for base in ("", folder, os.path.join(folder, ".."), os.path.join(folder, "..", "..")):
        paths = [os.path.join(base, part) for part in parts]
        if all(os.path.exists(path) or glob.glob(path) for path in paths):
            return ",".join(paths)
    return names


def read_bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Difference("file-missing", f"{path}: {error.strerror}.") from None


def seed_forms(files):
    """What files can stand for: the contributions of a ceremony, or, one alone, a declared seed."""
    texts = [seed_file_text(read_bytes(file)) for file in files]
    return [combined_seed(texts)] + (texts if len(texts) == 1 else [])


def read_receipt(path):
    try:
        receipt = json.loads(read_bytes(path))
        for stage, record in zip(receipt["stages"], receipt["inputs"], strict=True):
            _ = stage["plan"]["id"], stage["plan"]["name"], record["file"]
        return receipt
    except (ValueError, KeyError, TypeError):
        raise Difference("receipt-unreadable", f"{path} is not a whole receipt.") from None


def read_frames(options, receipt, folder):
    """The frame of each stage, and those that the user has filtered."""
    plans = [stage["plan"] for stage in receipt["stages"]]
    patterns = options.frame or [found_beside(record["file"], folder) for record in receipt["inputs"]]
    if len(patterns) != len(plans):
        raise Difference("frames-count", f"the receipt has {len(plans)} stages, and {len(patterns)} frames were given.")
    ids = {plan["name"]: [plan["id"]] + ([plan["parent"]] if plan.get("parent") else []) for plan in plans}
    frames = [read_frame(pattern, own, options.dedupe) for pattern, own in zip(patterns, ids.values(), strict=True)]
    units = {}
    for entry in options.units:
        stage, _, file = entry.partition("=")
        if stage not in ids:
            raise Difference("stage-unknown", f'the receipt has no stage "{stage}".')
        units[stage] = read_frame(file, ids[stage])
    return frames, units


def work(options):
    path = os.path.join(options.receipt, "receipt.json") if os.path.isdir(options.receipt) else options.receipt
    folder = os.path.dirname(path)
    receipt = read_receipt(path)
    frames, units = read_frames(options, receipt, folder)
    beside = os.path.join(folder, "list.csv")
    list_path = options.list or (beside if os.path.exists(beside) else None)
    joint_path = os.path.join(os.path.dirname(list_path or ""), "joint.csv")
    has_joint = list_path is not None and os.path.exists(joint_path)
    earlier_seeds = [seed for files in options.earlier_seed_file for seed in seed_forms(files.split(","))]
    drawn = verified(
        receipt,
        frames,
        seed=seed_file_text(read_bytes(options.seed_file)) if options.seed_file else None,
        contributions=[seed_file_text(read_bytes(file)) for file in options.contribution_file],
        table=read_file(list_path) if list_path else None,
        units=units,
        earlier=[Earlier(earlier, earlier_seeds) for earlier in options.earlier],
        joint=read_file(joint_path) if has_joint else None,
    )
    if receipt.get("wave"):
        what = f"the wave repeats in full, {sum(map(len, drawn[0].reserves.values()))} further reserves."
    else:
        count = sum(len(cell.taken) + len(cell.reserves) for stage in drawn for cell in stage.cells)
        what = f"the draw repeats in full, {count} units and reserves over {len(drawn)} stages."
    compared = "The list was compared." if list_path else "No list file was compared."
    pairs = " The probabilities of pairs were compared." if has_joint else ""
    print(f"OK: {what} {compared}{pairs}")


def main():
    try:
        work(arguments())
    except Difference as difference:
        print(f"{difference} [{difference.code}]")
        return {"seed-missing": UNDECIDED, "file-missing": NO_INPUT}.get(difference.code, DIFFERS)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        print(f"the receipt is not whole: {type(error).__name__} {error} [receipt-unreadable]")
        return DIFFERS
    return 0


if __name__ == "__main__":
    sys.exit(main())
