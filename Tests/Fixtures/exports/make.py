"""Makes the workbooks beside this script with openpyxl: a form as XLSForm, and what KoboToolbox exports of it."""

import datetime
import pathlib

import openpyxl

HERE = pathlib.Path(__file__).parent
WHEN = datetime.datetime(2018, 8, 13)


def save(name, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.properties.created = book.properties.modified = WHEN
    book.save(HERE / name)


save("form.xlsx", {
    "survey": [
        ["type", "name", "label::中文 (zh)", "label::English (en)"],
        ["begin_group", "head", "户主", "Head"],
        ["select_one area", "area", "地区", "Area"],
        ["select_multiple need", "needs", "需求", "Needs"],
        ["end_group", None, None, None],
        ["begin_repeat", "members", "成员", "Members"],
        ["integer", "age", "年龄", "Age"],
        ["text", "name", "姓名", "Name"],
        ["end_repeat", None, None, None],
    ],
    "choices": [
        ["list_name", "name", "label::中文 (zh)", "label::English (en)"],
        ["area", "1", "城镇", "Urban"], ["area", "2", "乡村", "Rural"],
        ["need", "water", "安全 饮水", "Safe water"], ["need", "road", "道路", "Road"],
    ],
})
save("kobo-labels.xlsx", {
    "家庭": [
        ["地区", "head/area", "head/needs", "head/name", "_index", "_validation_status"],
        ["x", "城镇", "安全 饮水 道路", "张三", 1, None],
        ["x", "乡村", "道路", "李四", 2, "Not Approved"],
        ["x", "外地", None, "王五", 3, "On Hold"],
    ],
    "members": [
        ["age", "name", "_index", "_parent_table_name", "_parent_index"],
        [40, "张三", 1, "家庭", 1], [12, "小张", 2, "家庭", 1], [33, "李四", 3, "家庭", 2], [50, "王五", 4, "家庭", 3],
    ],
})
