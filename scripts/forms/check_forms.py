#!/usr/bin/env python3
"""Shows every form of Surveys/ to pyxform and ODK Validate, and two broken ones that both sides must catch.

check_forms.py MINGCHA. pyxform ends with status 0 even where it refuses a form: its JSON `code` tells.
Without Java, pyxform alone decides, and the last line says so.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

mingcha = pathlib.Path(sys.argv[1]).resolve()
root = pathlib.Path(__file__).resolve().parents[2]
has_java = shutil.which("java") is not None
failures = []


def convert(workbook):
    """pyxform's answer: code 100 fine, 101 with warnings, 999 refused."""
    converter = pathlib.Path(sys.executable).parent / "xls2xform"
    options = ["--json"] + (["--odk_validate"] if has_java else ["--skip_validate"])
    run = subprocess.run(
        [converter, *options, workbook, workbook.with_suffix(".xml")], capture_output=True, text=True
    )
    # The report goes to the log.
    told = run.stdout + run.stderr
    return json.loads(told[told.index("{") : told.rindex("}") + 1])


def form(*arguments):
    return subprocess.run([mingcha, "form", *map(str, arguments), "--lang", "en"], capture_output=True, text=True)


def expect(truth, words):
    print("ok  " if truth else "FAIL", words)
    if not truth:
        failures.append(words)


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    for source in sorted(root.glob("Surveys/*/forms/*.yaml")):
        for options in ([], ["--location"], ["--form-language", "en"]):
            target = scratch / f"{source.stem}{''.join(options)}.xlsx"
            run = form(source.parents[1], source.stem, "-o", target, *options)
            answer = convert(target) if run.returncode == 0 else {"code": run.returncode, "message": run.stderr}
            told = " ".join([answer.get("message") or "", *(answer.get("warnings") or [])])
            expect(answer["code"] == 100, " ".join([str(source.relative_to(root)), *options, told]))

    # What we refuse is broken indeed: written past our check, pyxform refuses it as well.
    import openpyxl

    sound = scratch / "household.xlsx"
    template = root / "Surveys/inner-mongolia-2018"
    survey = scratch / "survey"
    shutil.copytree(template, survey)
    text = (template / "forms/household.yaml").read_text()
    for label, change, code, edit in [
        (
            "a relevance on no question",
            ("relevant: unit_role == 'reserve'", "relevant: unit_rôle == 'reserve'"),
            "question-unknown",
            ("relevant", "${unit_role} = 'reserve'", "${unit_rol} = 'reserve'"),
        ),
        (
            "a list that is not there",
            ("choices: housing\n", "choices: houses\n"),
            "list-unknown",
            ("type", "select_one housing", "select_one houses"),
        ),
    ]:
        assert change[0] in text
        (survey / "forms/household.yaml").write_text(text.replace(*change))
        run = form(survey, "household", "-o", scratch / "broken.xlsx")
        expect(run.returncode == 65 and f"[{code}]" in run.stderr, f"mingcha refuses {label}")
        book = openpyxl.load_workbook(sound)
        sheet = book["survey"]
        column = [cell.value for cell in sheet[1]].index(edit[0]) + 1
        hits = [row for row in range(2, sheet.max_row + 1) if sheet.cell(row, column).value == edit[1]]
        assert hits, edit
        for row in hits:
            sheet.cell(row, column).value = edit[2]
        book.save(scratch / "broken.xlsx")
        expect(convert(scratch / "broken.xlsx")["code"] == 999, f"pyxform refuses {label}")

    # A draw of its own: the lists beside the form are what the form names.
    survey = scratch / "small"
    (survey / "frame").mkdir(parents=True)
    (survey / "forms").mkdir()
    shutil.copy(template / "forms/household.yaml", survey / "forms")
    shutil.copy(template / "forms/village.yaml", survey / "forms")
    (survey / "frame/counties.csv").write_text("code,name_zh\n150101,甲旗\n150102,乙旗\n")
    (survey / "frame/villages.csv").write_text(
        "code,name_zh,county_code\n"
        + "".join(f"15010{c}00{v},村{c}{v},15010{c}\n" for c in (1, 2) for v in (1, 2, 3))
    )
    (survey / "frame/households.csv").write_text(
        "household,village_code,class\n"
        + "".join(
            f"15010{c}00{v}-{n:04},15010{c}00{v},{'P2' if n % 2 else 'N0'}\n"
            for c in (1, 2)
            for v in (1, 2, 3)
            for n in range(1, 9)
        )
    )
    (survey / "survey.yaml").write_text(
        """
survey: {id: small, name: Small}
frames:
  counties: {file: frame/counties.csv, id: code}
  villages: {file: frame/villages.csv, id: code, parent: county_code}
  households: {file: frame/households.csv, id: household, parent: village_code}
draws:
  homes:
    stages:
      - {frame: counties, take: all}
      - {frame: villages, take: 2, reserves: 1}
      - {frame: households, strata: [class], take: 2, reserves: 1}
responses:
  households: {files: responses/households.csv, id: household, export: odk, form: tablet/household.xlsx}
  villages: {files: responses/villages.csv, id: village}
  draw: homes
  outcome: {column: result_code, completed: ["1"], unable: ["2"], away: ["3"], postponed: ["4"], refused: ["5"],
            vacant: ["6"], destroyed: ["7"], not-found: ["8"], unknown: ["9"], moved: ["10"], merged: ["11"],
            ineligible: ["12"], deceased: ["13"]}
judgement: {of: households, policy: any, income-line: 2995}
indicators:
  approval: {mean: approves, unit: household}
estimate: {lonely-psu: fail}
"""
    )
    seed = scratch / "seed.txt"
    seed.write_text("00112233445566778899aabbccddeeff\n")
    drawn = subprocess.run(
        [mingcha, "draw", survey, "homes", "--seed-file", seed, "--lang", "en"], capture_output=True, text=True
    )
    expect(drawn.returncode == 0, "the draw is made" if drawn.returncode == 0 else drawn.stderr)
    (survey / "tablet").mkdir()
    for name in ("household", "village"):
        target = survey / f"tablet/{name}.xlsx"
        run = form(survey, name, "--draw", "homes", "-o", target)
        answer = convert(target) if run.returncode == 0 else {"code": run.returncode, "message": run.stderr}
        told = " ".join([answer.get("message") or "", *(answer.get("warnings") or [])])
        expect(answer["code"] == 100, f"{name} with its drawn units {told}".rstrip())
        xml = target.with_suffix(".xml").read_text() if target.with_suffix(".xml").exists() else ""
        lists = sorted(path.name for path in target.parent.glob(f"{name}_*.csv"))
        expect(bool(lists) and all(f"jr://file-csv/{one}" in xml for one in lists), f"{name} reads {', '.join(lists)}")

if not has_java:
    print("Java is not there: ODK Validate was not run")
sys.exit(1 if failures else 0)
