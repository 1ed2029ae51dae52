"""Makes the files beside this script: one small table as SPSS, Stata and SAS write it, and broken ones.

Needs pyreadstat 1.3, pandas and the C library libreadstat. The results are checked in; writers put their own times
into files, so a second run differs in bytes but not in what is read.
"""

import ctypes
import datetime
import pathlib
import struct

import numpy
import pandas
import pyreadstat

HERE = pathlib.Path(__file__).parent
LONG = "长" * 200  # 600 bytes: a very long string of SPSS
LABELS = {"class": {1: "建档立卡户", 2: "一般户", 9: "拒答"}, "income": {-9: "不知道"}}
COLUMN_LABELS = ["户编号", "类别", "收入（元）", "村名", "访问日期", "访问时刻", "备注", "权数"]


def table():
    return pandas.DataFrame(
        {
            "household": ["150121001", "150121002", "150121003", "150121004"],
            "class": [1, 2, 9, 1],
            "income": [1234.5, -9, numpy.nan, 0.1],
            "village": ["圐圙补隆", "ᠬᠥᠬᠡᠬᠣᠲᠠ", "", "包头"],
            "visited": [datetime.date(2018, 8, 13), datetime.date(1904, 2, 29), None, datetime.date(2018, 12, 31)],
            "moment": [datetime.datetime(2018, 8, 13, 14, 30, 5)] * 4,
            "remark": [LONG, "", "短", "a b"],
            "weight": [1.5, 2, 2.5, 3],
        }
    )


def patched(source, target, changes):
    data = (HERE / source).read_bytes()
    for old, new in changes:
        assert old in data, (source, old)
        data = data.replace(old, new)
    (HERE / target).write_bytes(data)


def spss():
    options = dict(
        column_labels=COLUMN_LABELS,
        variable_value_labels=LABELS,
        missing_ranges={"class": [9], "income": [{"lo": -99, "hi": -1}]},
        variable_measure={"class": "nominal", "income": "scale"},
        file_label="第三方评估",
    )
    pyreadstat.write_sav(table(), HERE / "table.sav", **options)
    pyreadstat.write_sav(table(), HERE / "table.zsav", compress=True, **options)
    ascii_only = table()[["household", "class", "income"]]
    ascii_only.columns = ["hh", "class", "income"]
    pyreadstat.write_por(ascii_only, HERE / "table.por", column_labels=["id", "class", "income"])
    # Chinese by GBK's bytes, as SPSS writes it in code page mode: 镕 is in GBK and not in GB 2312.
    plain = pandas.DataFrame({"name": ["AAAAAA", "BBBBBB", "plain"], "value": [1, 2, 3]})
    pyreadstat.write_sav(plain, HERE / "plain.sav", column_labels=["CCCC", "value"])
    chinese = [(b"AAAAAA", "朱镕基".encode("gbk")), (b"BBBBBB", "包头市".encode("gbk")), (b"CCCC", "名称".encode("gbk"))]
    code = struct.pack("<i", 65001)
    patched("plain.sav", "declared-936.sav", chinese + [(code, struct.pack("<i", 936))])
    patched("plain.sav", "declared-1252.sav", chinese + [(code, struct.pack("<i", 1252))])
    patched("plain.sav", "declared-wrongly.sav", chinese)
    patched("plain.sav", "mixed.sav", [(b"AAAAAA", "名称".encode()), (b"BBBBBB", "包头市".encode("gbk")), (code, struct.pack("<i", 1252))])
    patched("plain.sav", "broken-utf8.sav", [(b"BBBBBB", "包头市".encode("gbk"))])
    western = [(b"AAAAAA", "Éléna.".encode("cp1252")), (b"BBBBBB", "Müller".encode("cp1252")), (code, struct.pack("<i", 1252))]
    patched("plain.sav", "western.sav", western)
    patched("plain.sav", "control.sav", [(b"AAAAAA", b"AA\x01AAA")])
    (HERE / "plain.sav").unlink()
    identity = pandas.DataFrame({"identity": [150121199001011234.0, 15.0], "value": [1, 2]})
    pyreadstat.write_sav(identity, HERE / "identity.sav", variable_format={"identity": "F18.0"})
    whole = (HERE / "table.sav").read_bytes()
    (HERE / "truncated.sav").write_bytes(whole[:-40])
    (HERE / "truncated-head.sav").write_bytes(whole[:300])


def stata():
    frame = table()
    frame["income"] = [1234.5, "a", numpy.nan, "b"]
    pyreadstat.write_dta(
        frame, HERE / "table.dta", column_labels=COLUMN_LABELS, variable_value_labels={"class": LABELS["class"]},
        missing_user_values={"income": ["a", "b"]}, version=15, file_label="第三方评估",
    )
    plain = pandas.DataFrame({"name": ["AAAAAA", "BBBBBB", "plain"], "value": [1, 2, 3]})
    pyreadstat.write_dta(plain, HERE / "old.dta", version=12, column_labels=["CCCC", "value"])
    chinese = [(b"AAAAAA", "朱镕基".encode("gbk")), (b"BBBBBB", "包头市".encode("gbk")), (b"CCCC", "名称".encode("gbk"))]
    patched("old.dta", "old.dta", chinese)
    periods = pandas.DataFrame({"m": [703.0], "q": [234.0], "h": [117.0], "w": [3046.0], "y": [2018.0], "c": [1849796605000.0]})
    formats = {"m": "%tm", "q": "%tq", "h": "%th", "w": "%tw", "y": "%ty", "c": "%tc"}
    pyreadstat.write_dta(periods, HERE / "periods.dta", variable_format=formats)
    patched("table.dta", "version-120.dta", [(b"<release>119", b"<release>120")] if b"<release>119" in (HERE / "table.dta").read_bytes() else [(b"<release>118", b"<release>120")])
    (HERE / "truncated.dta").write_bytes((HERE / "table.dta").read_bytes()[:3000])


def sas():
    frame = table().drop(columns=["remark"])
    pyreadstat.write_xport(frame[["household", "class", "income", "weight"]].rename(columns={"household": "hh"}), HERE / "table.xpt", column_labels=["a", "b", "c", "d"])
    library = ctypes.CDLL("libreadstat.so.1")
    out = bytearray()
    writer_type = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)

    @writer_type
    def take(data, length, _):
        out.extend(ctypes.string_at(data, length))
        return length

    for name in ("readstat_writer_init", "readstat_add_variable"):
        getattr(library, name).restype = ctypes.c_void_p
    pointer = ctypes.c_void_p
    library.readstat_add_variable.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t]
    library.readstat_insert_double_value.argtypes = [pointer, pointer, ctypes.c_double]
    library.readstat_insert_string_value.argtypes = [pointer, pointer, ctypes.c_char_p]
    library.readstat_insert_missing_value.argtypes = [pointer, pointer]
    library.readstat_variable_set_format.argtypes = [pointer, ctypes.c_char_p]
    library.readstat_begin_writing_sas7bdat.argtypes = [pointer, pointer, ctypes.c_long]
    for name in ("set_data_writer",):
        library.readstat_set_data_writer.argtypes = [pointer, writer_type]
    for name in ("readstat_begin_row", "readstat_end_row", "readstat_end_writing", "readstat_writer_free"):
        getattr(library, name).argtypes = [pointer]
    writer = library.readstat_writer_init()
    library.readstat_set_data_writer(writer, take)
    village = library.readstat_add_variable(writer, b"village", 0, 40)
    income = library.readstat_add_variable(writer, b"income", 5, 8)
    visited = library.readstat_add_variable(writer, b"visited", 5, 8)
    library.readstat_variable_set_format(visited, b"YYMMDD10.")
    library.readstat_begin_writing_sas7bdat(writer, None, 3)
    rows = [("圐圙补隆", 1234.5, 21409.0), ("ᠬᠥᠬᠡᠬᠣᠲᠠ", None, 0.0), ("包头", 0.1, -1.0)]
    for name, value, day in rows:
        library.readstat_begin_row(writer)
        library.readstat_insert_string_value(writer, village, name.encode())
        if value is None:
            library.readstat_insert_missing_value(writer, income)
        else:
            library.readstat_insert_double_value(writer, income, value)
        library.readstat_insert_double_value(writer, visited, day)
        library.readstat_end_row(writer)
    assert library.readstat_end_writing(writer) == 0
    library.readstat_writer_free(writer)
    (HERE / "table.sas7bdat").write_bytes(bytes(out))


spss()
stata()
sas()
