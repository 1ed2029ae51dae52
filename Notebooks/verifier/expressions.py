"""The filters of a receipt: the small expression language in which `keep` and `where` are written.

Loosest first: or · and · not · == != < <= > >=, in [...] · + - · * / · unary - · numbers, 'text' or
"text", column names (letters, digits, _ and . and letters of any language, not beginning with a digit),
parentheses. A comparison with a missing value is false. Beside a text literal both sides are text; two
text columns under == or != are text; everything else is compared as numbers, where an empty cell, NA and
a lone point are missing and a division by zero is missing too.
"""

import math
import operator
import re

from .tickets import Difference, as_bytes

MISSING = math.nan
TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)(?![\w.])
    | (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    | (?P<column>`(?:[^`]|``)*`)
    | (?P<name>[^\W\d][\w.]*|\.[\w.]+)
    | (?P<symbol>==|!=|<=|>=|[<>+\-*/()\[\],])
    )""",
    re.VERBOSE,
)
COMPARISONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def plain_number(text):
    """A decimal number as plain files write it, or None."""
    if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def number_of(text):
    """The number in a cell; NaN where it is missing."""
    if text in ("", "NA", "."):
        return MISSING
    value = plain_number(text)
    if value is None:
        raise Difference("not-number", f'the filter needs a number where the frame has "{text}".')
    return value


class Filter:
    """A parsed expression; `holds(row)` says whether a row, a dictionary of texts, fulfils it."""

    def __init__(self, source):
        self.source = source
        self.tokens = self._cut(source)
        self.place = 0
        self.root = self._either()
        if self._peek() != ("end", ""):
            raise self._wrong("an operator or the end")

    def holds(self, row):
        return _truth(_value(self.root, row))

    def _cut(self, source):
        tokens, place = [], 0
        source = source.rstrip()
        while place < len(source):
            match = TOKEN.match(source, place)
            if not match:
                raise Difference(
                    "expression-syntax", f"the filter is not understood at character {place + 1}: {source}"
                )
            kind, text = match.lastgroup, match.group(match.lastgroup)
            if kind in ("text", "column"):
                mark = text[0]
                text = text[1:-1].replace(mark + mark, mark)
                kind = "text" if kind == "text" else "name"
            elif kind == "name" and text in ("and", "or", "not", "in"):
                kind = "symbol"
            tokens.append((kind, text))
            place = match.end()
        return tokens + [("end", "")]

    def _peek(self):
        return self.tokens[self.place]

    def _take(self, *symbols):
        kind, text = self._peek()
        if kind == "symbol" and text in symbols:
            self.place += 1
            return text
        return None

    def _wrong(self, expected):
        return Difference("expression-syntax", f"the filter is not understood: {expected} expected in {self.source}")

    def _either(self):
        left = self._both()
        while self._take("or"):
            left = ("or", left, self._both())
        return left

    def _both(self):
        left = self._negation()
        while self._take("and"):
            left = ("and", left, self._negation())
        return left

    def _negation(self):
        if self._take("not"):
            return ("not", self._negation())
        return self._comparison()

    def _comparison(self):
        left = self._sum()
        if self._take("in"):
            return ("in", left, self._members())
        symbol = self._take(*COMPARISONS)
        return ("compare", symbol, left, self._sum()) if symbol else left

    def _members(self):
        if not self._take("["):
            raise self._wrong("[")
        members = []
        while True:
            sign = -1 if self._take("-") else 1
            kind, text = self._peek()
            if kind not in ("number", "text"):
                raise self._wrong("a text or a number")
            self.place += 1
            members.append(text if kind == "text" else sign * float(text))
            if self._take(","):
                continue
            if self._take("]"):
                return members
            raise self._wrong("]")

    def _sum(self):
        left = self._product()
        while symbol := self._take("+", "-"):
            left = ("arithmetic", symbol, left, self._product())
        return left

    def _product(self):
        left = self._signed()
        while symbol := self._take("*", "/"):
            left = ("arithmetic", symbol, left, self._signed())
        return left

    def _signed(self):
        if self._take("-"):
            return ("negate", self._signed())
        return self._primary()

    def _primary(self):
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                raise self._wrong(")")
            return inner
        kind, text = self._peek()
        if kind not in ("number", "text", "name"):
            raise self._wrong("a column, number, text or (")
        self.place += 1
        return ("number", float(text)) if kind == "number" else (kind, text)


def _truth(value):
    return bool(value) and value == value


def _cell(row, name):
    if name not in row:
        raise Difference("column-missing", f'the filter names the column "{name}", which the frame has not.')
    return row[name]


def _value(node, row):
    kind = node[0]
    if kind == "number":
        return node[1]
    if kind == "name":
        return number_of(_cell(row, node[1]))
    if kind == "text":
        raise Difference("expression-type", f"the text '{node[1]}' stands where a number is needed.")
    if kind == "negate":
        return -_value(node[1], row)
    if kind == "not":
        return not _truth(_value(node[1], row))
    if kind in ("and", "or"):
        left, right = _truth(_value(node[1], row)), _truth(_value(node[2], row))
        return (left and right) if kind == "and" else (left or right)
    if kind == "in":
        return _is_member(node[1], node[2], row)
    if kind == "compare":
        return _compare(node[1], node[2], node[3], row)
    return _arithmetic(node[1], _value(node[2], row), _value(node[3], row))


def _arithmetic(symbol, left, right):
    if symbol == "/":
        result = left / right if right else MISSING
    else:
        result = {"+": operator.add, "-": operator.sub, "*": operator.mul}[symbol](left, right)
    return result if math.isfinite(result) else MISSING


def _is_member(inner, members, row):
    if isinstance(members[0], str):
        text = inner[1] if inner[0] == "text" else _cell(row, inner[1])
        return text != "" and text in members
    return _value(inner, row) in members


def _compare(symbol, left, right, row):
    holds = COMPARISONS[symbol]
    are_columns = left[0] == right[0] == "name"
    if left[0] == "text" or right[0] == "text" or (are_columns and symbol in ("==", "!=")):
        first, second = (side[1] if side[0] == "text" else _cell(row, side[1]) for side in (left, right))
        is_missing = any(side[0] == "name" and text == "" for side, text in ((left, first), (right, second)))
        return not is_missing and holds(as_bytes(first), as_bytes(second))
    first, second = _value(left, row), _value(right, row)
    return first == first and second == second and holds(first, second)
