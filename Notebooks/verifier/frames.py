"""Frames from CSV files, and their one canonical text (draw protocol, section 6)."""

import codecs
import glob
import hashlib
import itertools
import os

from .tickets import Difference, as_bytes

BLANKS = "\t \xa0\u3000\u1680\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B)))
SAMPLE = 1 << 16
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class Frame:
    """A table of texts: the column names, the rows, and what reading changed."""

    def __init__(self, header, rows, changes=()):
        self.header = header
        self.rows = rows
        self.changes = list(changes)

    def __len__(self):
        return len(self.rows)

    def place(self, name):
        """The column's place; None where the frame has none of this name."""
        return self.header.index(name) if name in self.header else None

    def column(self, name):
        place = self.place(name)
        if place is None:
            raise Difference("column-missing", f'the frame has no column "{name}".')
        return [row[place] for row in self.rows]

    def record(self, row):
        """A row as a dictionary, for filters."""
        return dict(zip(self.header, self.rows[row]))

    def filtered(self, expression):
        kept = [self.rows[row] for row in range(len(self)) if expression.holds(self.record(row))]
        return Frame(self.header, kept, self.changes)

    def canonical_lines(self, id_column):
        """Header and rows of the canonical text, each with its line feed: ids first, rows by id as bytes."""
        first = self.place(id_column)
        if first is None:
            raise Difference("frame-changed", f'the frame has no id column "{id_column}".')
        order = [first] + [place for place in range(len(self.header)) if place != first]
        lines = [
            canonical_line([row[place] for place in order])
            for row in sorted(self.rows, key=lambda row: as_bytes(row[first]))
        ]
        return [canonical_line([self.header[place] for place in order])] + lines

    def digest(self, id_column):
        whole = hashlib.sha256()
        for line in self.canonical_lines(id_column):
            whole.update(line.encode("utf-8"))
        return whole.hexdigest()


def quoted(field):
    """A field of canonical CSV: quoted only where it holds a comma, a quote, CR or LF."""
    if any(character in field for character in ',"\r\n'):
        return '"' + field.replace('"', '""') + '"'
    return field


def canonical_line(fields):
    return ",".join(quoted(field) for field in fields) + "\n"


def merkle_root(leaves):
    """The tree hash of RFC 9162, section 2.1.1, over byte strings."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def decoded(data, file):
    """Text of a file: by its byte order mark, else strict UTF-8, else GB18030."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _strictly(data[len(mark) :], (name,), file)
    return _strictly(data, ("utf-8", "gb18030"), file)


def _strictly(data, encodings, file):
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Difference("encoding-invalid", f"{file} is no text in {' or '.join(encodings)}.")


def records(text, delimiter):
    """Cells of each record by RFC 4180; CR, LF and both together end one. Python's csv would forgive more."""
    place, cells = 0, []
    while place < len(text):
        cell = ""
        if text[place] == '"':
            while True:
                end = text.find('"', place + 1)
                if end < 0:
                    raise Difference("csv-quote", "a quoted cell is not closed.")
                cell += text[place + 1 : end]
                place = end + 1
                if place >= len(text) or text[place] != '"':
                    break
                cell += '"'
            if place < len(text) and text[place] not in (delimiter, "\n", "\r"):
                raise Difference("csv-quote", "a quoted cell goes on behind its closing quote.")
        else:
            start = place
            while place < len(text) and text[place] not in (delimiter, "\n", "\r"):
                place += 1
            cell = text[start:place]
        cells.append(cell)
        if place < len(text) and text[place] == delimiter:
            place += 1
            if place == len(text):
                cells.append("")
            continue
        place += 2 if text[place : place + 2] == "\r\n" else 1
        yield cells
        cells = []
    if cells:
        yield cells


def likely_delimiter(text):
    """The delimiter that cuts the first rows into equally many cells; else the one that gives most."""
    best = (",", False, 1)
    for candidate in ",;\t":
        counts = []
        try:
            for cells in itertools.islice(records(text[:SAMPLE], candidate), 50):
                if len(cells) > 1 or cells[0]:
                    counts.append(len(cells))
        except Difference:
            pass
        if len(text) > SAMPLE:
            counts = counts[:-1]
        if counts and counts[0] > 1:
            is_even = all(count == counts[0] for count in counts)
            if (is_even and not best[1]) or (is_even == best[1] and counts[0] > best[2]):
                best = (candidate, is_even, counts[0])
    return best[0]


def read_file(path):
    """One CSV file as a frame, before any normalisation."""
    try:
        with open(path, "rb") as file:
            text = decoded(file.read(), path)
    except OSError as error:
        raise Difference("file-missing", f"{path}: {error.strerror}.") from None
    delimiter = None
    if text[:4].lower() == "sep=" and text[4:5] in ",;\t|" and text[5:6] in "\r\n":
        delimiter = text[4]
        text = text[7:] if text[5:7] == "\r\n" else text[6:]
    rows = records(text, delimiter or likely_delimiter(text))
    header = [name.strip() for name in next(rows, [])]
    body = [row for row in rows if any(row)]
    for number, row in enumerate(body):
        if len(row) != len(header):
            raise Difference(
                "row-ragged", f"{path}: data row {number + 1} has {len(row)} cells, the header {len(header)}."
            )
    return Frame(header, body)


def read_frame(patterns, columns_of_ids, drops_identical=False):
    """The frame of one stage: its files one after the other, the id columns normalised.

    `patterns` is one text with names or patterns separated by commas, as the receipt and `--frame` have it.
    """
    paths = []
    for pattern in patterns.split(","):
        pattern = pattern.strip(" ")
        found = [pattern] if os.path.exists(pattern) else sorted(glob.glob(pattern), key=as_bytes)
        if not found:
            raise Difference("file-missing", f"{pattern} matches no file.")
        paths += found
    frame = read_file(paths[0])
    for path in paths[1:]:
        other = read_file(path)
        if other.header != frame.header:
            raise Difference("header-differs", f"the columns of {path} are not those of {paths[0]}.")
        frame.rows += other.rows
    if drops_identical:
        kept = [list(row) for row in dict.fromkeys(map(tuple, frame.rows))]
        frame.changes += ["identical row"] * (len(frame) - len(kept))
        frame.rows = kept
    for name in columns_of_ids:
        place = frame.place(name)
        if place is None:
            continue
        for row in frame.rows:
            clean = normalised_id(row[place])
            if clean != row[place]:
                frame.changes.append((name, row[place], clean))
                row[place] = clean
    return frame


def normalised_id(text):
    """An id or a parent's id as it is read: full-width characters narrow, blanks at its ends gone."""
    text = "".join(" " if character in BLANKS else character for character in text.translate(FULL_WIDTH))
    return text.strip(" ")
