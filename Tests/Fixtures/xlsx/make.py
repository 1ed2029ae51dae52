"""Makes the workbooks beside this script: the same table by three writers, and two zip bombs.

Needs openpyxl 3.1.5, XlsxWriter 3.3.1 and LibreOffice. The results are checked in; writers put their own
times into files, so a second run differs in bytes but not in what is read.
"""

import datetime
import pathlib
import struct
import subprocess
import zipfile

import openpyxl
import xlsxwriter

HERE = pathlib.Path(__file__).parent
HEADER = ["编号", "名称", "ᠮᠣᠩᠭᠣᠯ", "日期", "时刻", "人数", "比例", "在册"]
ROWS = [
    ["150121199001011234", "圐圙补隆村", "ᠬᠥᠬᠡᠬᠣᠲᠠ", datetime.date(2018, 8, 13),
     datetime.datetime(2018, 8, 13, 14, 30), 1204, 0.1, True],
    ["01502", "髙家营", "ᠣᠷᠳᠣᠰ", datetime.date(2020, 2, 29),
     datetime.datetime(1999, 12, 31, 23, 59, 59), -3, 1e-7, False],
    ["150121199001010000", None, "ᠠᠯᠠᠱᠠ", datetime.date(1904, 1, 2), None, 0, 1234567.891, True],
]


def by_openpyxl(name):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "住户"
    for row in [HEADER, *ROWS]:
        sheet.append(row)
    book.create_sheet("空表")
    book.save(HERE / name)


def by_xlsxwriter(name):
    book = xlsxwriter.Workbook(str(HERE / name), {"date_1904": True, "default_date_format": "yyyy年m月d日"})
    sheet = book.add_worksheet("住户")
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy/m/d h:mm:ss"})
    for column, text in enumerate(HEADER):
        sheet.write_string(0, column, text)
    for number, row in enumerate(ROWS, start=1):
        for column, value in enumerate(row):
            if column == 1 and value:
                sheet.write_rich_string(number, column, bold, value[:1], value[1:])
            elif column == 4 and value:
                sheet.write_datetime(number, column, value, moment)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    book.close()


def by_libreoffice(source, name):
    folder = HERE / "converted"
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", folder, HERE / source], check=True)
    (folder / source).rename(HERE / name)
    folder.rmdir()


def bomb(name, declared=None):
    """A worksheet that inflates to 16 MiB of blanks; `declared` lies about that in every header."""
    size = 16 << 20
    with zipfile.ZipFile(HERE / "openpyxl.xlsx") as source, \
            zipfile.ZipFile(HERE / name, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for part in source.namelist():
            data = source.read(part)
            if part == "xl/worksheets/sheet1.xml":
                data = data.replace(b"<sheetData>", b"<sheetData>" + b" " * size)
            size = len(data) if part == "xl/worksheets/sheet1.xml" else size
            target.writestr(zipfile.ZipInfo(part, (2018, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
    if declared is not None:
        path = HERE / name
        path.write_bytes(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", declared)))


by_openpyxl("openpyxl.xlsx")
by_xlsxwriter("xlsxwriter.xlsx")
by_libreoffice("openpyxl.xlsx", "libreoffice.xlsx")
bomb("bomb.xlsx")
bomb("bomb-declared-small.xlsx", declared=5000)
