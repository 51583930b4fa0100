"""Hostile workbooks, Excel and OpenDocument."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from helpers.hostile_input import Hostile, Must, generator
from helpers.workbooks import Formula, Table, ods, xlsx

HEADER = ["event", "source", "figure"]
GOOD: Table = [HEADER, ["Idlib", "Monitor", 18], ["Idlib", "Rescue", "at least 21"]]


def workbooks() -> Iterator[Hostile]:
    """All of them."""
    yield from _written()
    yield from _sheets()
    yield from _damaged()
    yield from _rewritten()
    yield from _archives()


def _each(name: str, must: Must, sheets: Mapping[str, Table]) -> Iterator[Hostile]:
    """The same sheets in both kinds of workbooks."""
    yield Hostile("workbooks", f"{name}.xlsx", partial(xlsx, sheets), must, ending=".xlsx")
    yield Hostile("workbooks", f"{name}.ods", partial(ods, sheets), must, ending=".ods")


def _written() -> Iterator[Hostile]:
    """Cells that hold what they should not."""
    row = ["Idlib", "Monitor"]
    cells: dict[str, tuple[Must, Sequence[object]]] = {
        "a formula without a value": ("be refused", [*row, Formula("SUM(A1,A2)")]),
        "a formula without a value as a name": ("be refused", ["Idlib", Formula("A9"), 18]),
        "a division by zero": ("be refused", [*row, Formula("1/0", error="#DIV/0!")]),
        "a name that is not there": ("be refused", [Formula("FOO()", error="#NAME?"), "Monitor", 18]),
        "a formula of text": ("be read", [*row, Formula("A9", "at least 18")]),
        "a date as a figure": ("be refused", [*row, date(2020, 3, 5)]),
        "a day before 1900 as a figure": ("be refused", [*row, "1899-12-31"]),
        "true as a figure": ("be refused", [*row, True]),
        "a fraction": ("be refused", [*row, 18.5]),
        "a number beyond all": ("be refused", [*row, 1e300]),
        "a negative number": ("be refused", [*row, -3]),
        "text of a formula": ("be either", [*row, "=1+1"]),
        "a call of another program": ("be either", ["=cmd|'/c calc'!A1", "@SUM(1)", 18]),
        "30,000 characters": ("be either", ["x" * 30_000, "Monitor", 18]),
        "line breaks": ("be read", ["Id\nlib", "Mon\titor", 18]),
        "a cell past the header": ("be refused", [*row, 18, "x"]),
    }
    for name, (must, given) in cells.items():
        yield from _each(name, must, {"S": [HEADER, given]})

    days = ["event", "source", "figure", "event_date", "reported_at"]
    for name, day in {
        "the year 1900": datetime(1900, 1, 1),
        "before 1900": datetime(1850, 6, 1),
        "the year 9999": datetime(9999, 12, 31, 23, 59),
        "a day that 1900 did not have": datetime(1900, 2, 28, 12),
    }.items():
        yield from _each(name, "be either", {"S": [days, ["Idlib", "Monitor", 18, day, "2020-01-15"]]})
    yield Hostile(
        "workbooks", "a serial day beyond all.xlsx",
        partial(_xlsx_with, '<c r="A2" s="1"><v>1e300</v></c><c r="B2" s="1"><v>-99999999</v></c><c r="C2"><v>18</v></c>'),
        ending=".xlsx",
    )  # fmt: skip


def _sheets() -> Iterator[Hostile]:
    """Sheets and headers that are not as they should be."""
    sheets: dict[str, tuple[Must, Mapping[str, Table]]] = {
        "an empty sheet": ("be refused", {"S": []}),
        "one cell": ("be refused", {"S": [["event"]]}),
        "one cell far away": ("be refused", {"S": [[None] * 50] * 200 + [[None] * 50 + ["x"]]}),
        "a header only": ("be refused", {"S": [HEADER]}),
        "two sheets with the header": ("be refused", {"A": GOOD, "B": GOOD}),
        "two sheets without": ("be refused", {"A": [["x"], [1]], "B": [["y"], [2]]}),
        "two sheets of one name": ("be either", {"A": GOOD, "a": [["x"]]}),
        "sixty sheets": ("be read", {f"S{n}": [["x", n]] for n in range(60)} | {"T": GOOD}),
        "a sheet whose name steers a terminal": ("be read", {"\u202e[31m\u2066": GOOD, "'\"<&>": [["x"]]}),
        "titles above the header": ("be read", {"S": [["Dead"], [None], ["as of", date(2020, 1, 15)], *GOOD]}),
        "a header far below": ("be either", {"S": [["x"]] * 300 + [*GOOD]}),
        "numbers as a header": ("be refused", {"S": [[1, 2, 3], ["Idlib", "A", 18]]}),
        "a header that is a formula": ("be refused", {"S": [["event", Formula(), "figure"], ["Idlib", "A", 18]]}),
        "a header that is an error": ("be refused", {"S": [["event", Formula(error="#REF!"), "figure"], ["Idlib", "A", 18]]}),
        "a column without a name": ("be refused", {"S": [[*HEADER, None, "x"], ["Idlib", "A", 18, "y", "z"]]}),
        "a column named twice": ("be refused", {"S": [[*HEADER, "event"], ["Idlib", "A", 18, "y"]]}),
        "2,000 columns": ("be read", {"S": [[*HEADER, *range(1997)], ["Idlib", "A", 18, *range(1997)]]}),
    }  # fmt: skip
    for name, (must, given) in sheets.items():
        yield from _each(name, must, given)

    merged: dict[str, tuple[Must, Sequence[str]]] = {
        "merged downwards": ("be either", ["A2:A3"]),
        "merged across": ("be refused", ["A2:B3"]),
        "merged beyond the sheet": ("be either", ["A3:A1048576"]),
        "merged header": ("be either", ["A1:C1"]),
        "merged to no cell": ("be refused", ["A2:ZZZZ99"]),
        "merged backwards": ("be either", ["C3:A2"]),
        "merged over one another": ("be either", ["A2:A3", "A3:A4", "A2:A9"]),
        "an area that is none": ("be refused", ["all of it"]),
        "areas over one another to the last row": ("be refused", ["A2:A1048576"] * 20_000),
        "a thousand areas": ("be either", [f"A{n}:A{n + 1}" for n in range(2, 1002)]),
    }
    for name, (must, areas) in merged.items():
        make = partial(xlsx, {"S": GOOD}, merged=areas)
        yield Hostile("workbooks", f"{name}.xlsx", make, must, ending=".xlsx")
    for name, spans in {
        "merged across": {(1, 0): (2, 2)},
        "merged beyond the sheet": {(1, 0): (1_000_000, 1)},
        "merged for ever": {(1, 0): (10**12, 10**12)},
        "merged to nothing": {(1, 0): (0, 0)},
        "merged backwards": {(1, 0): (-3, -3)},
    }.items():
        yield Hostile("workbooks", f"{name}.ods", partial(ods, {"S": GOOD}, spans=spans), ending=".ods")


def _damaged() -> Iterator[Hostile]:
    """Files cut short or with some of their bytes changed."""
    for write, ending in ((xlsx, ".xlsx"), (ods, ".ods")):
        whole = write({"S": GOOD})
        for part in (0.1, 0.5, 0.9, 0.99):
            content = whole[: int(part * len(whole))]
            yield Hostile("workbooks", f"cut at {part}{ending}", partial(bytes, content), "be refused", ending=ending)
        for n in range(8):
            draw = generator(f"workbook{ending} torn {n}")
            torn = bytearray(whole)
            for _ in range(draw.randint(1, 6)):
                torn[draw.randrange(len(torn))] = draw.randrange(256)
            yield Hostile("workbooks", f"torn {n}{ending}", partial(bytes, torn), ending=ending)


# ------------------------------------------------------------------------------------------------- parts written anew


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _xlsx_with(row: str) -> bytes:
    """A workbook whose second row is written by hand."""
    first = "".join(
        f'<c r="{at}1" t="inlineStr"><is><t>{name}</t></is></c>' for at, name in zip("ABC", HEADER, strict=True)
    )
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1">{first}</row><row r="2">{row}</row></sheetData></worksheet>'
    )
    return _zip(_parts(xlsx({"S": GOOD})) | {_SHEET: sheet.encode()})


def _rewritten() -> Iterator[Hostile]:
    """Parts that are missing or not what they should be."""
    whole, text = _parts(xlsx({"S": GOOD})), _parts(ods({"S": GOOD}))
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    for part in whole:
        left = {name: content for name, content in whole.items() if name != part}
        yield Hostile("workbooks", f"without {part}", partial(_zip, left), ending=".xlsx")
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", _SHEET):
        for name, content in {
            "empty": b"",
            "no XML": b"\x00\x01\x02",
            "cut short": whole[part][: len(whole[part]) // 2],
            "of another root": b"<x/>",
            "with entities": bomb + whole[part],
            "in UTF-16": whole[part].decode().encode("utf-16"),
        }.items():
            make = partial(_zip, whole | {part: content})
            yield Hostile("workbooks", f"{part.rpartition('/')[2]}: {name}.xlsx", make, ending=".xlsx")

    body = text["content.xml"].decode()
    far = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell></table:table-row>'
    for name, content in {
        "empty": "",
        "cut short": body[: len(body) // 2],
        "with entities": bomb.decode() + body,
        "16,000 million filled cells": body.replace("</table:table>", far + "</table:table>"),
        "rows repeated -1 times": body.replace('rows-repeated="1000000"', 'rows-repeated="-1"'),
        "rows repeated x times": body.replace('rows-repeated="1000000"', 'rows-repeated="x"'),
        "columns repeated 10 to the 30 times": body.replace('columns-repeated="1000"', f'columns-repeated="{10**30}"'),
        "20,000 levels": body.replace(
            "<text:p>18</text:p>", "<text:p>" + "<text:span>" * 20_000 + "18" + "</text:span>" * 20_000 + "</text:p>"
        ),
    }.items():
        make = partial(_zip, text | {"content.xml": content.encode()})
        yield Hostile("workbooks", f"content.xml: {name}.ods", make, ending=".ods")

    rows = {
        "a cell far to the right": '<c r="A2"><v>1</v></c><c r="XFD2"><v>1</v></c>',
        "a cell beyond the last column": '<c r="ZZZ2"><v>1</v></c>',
        "a cell of no address": '<c r="2A"><v>1</v></c>',
        "cells of one address": '<c r="A2"><v>1</v></c><c r="A2"><v>2</v></c>',
        "cells in another order": '<c r="C2"><v>18</v></c><c r="A2" t="inlineStr"><is><t>A</t></is></c>',
        "cells without addresses": '<c t="inlineStr"><is><t>A</t></is></c><c t="inlineStr"><is><t>B</t></is></c><c><v>18</v></c>',
        "a shared text that is not there": '<c r="A2" t="s"><v>99</v></c>',
        "a shared text below nothing": '<c r="A2" t="s"><v>-1</v></c>',
        "a number that is none": '<c r="C2"><v>eighteen</v></c>',
        "a type that is none": '<c r="C2" t="zz"><v>18</v></c>',
        "a style that is not there": '<c r="C2" s="4000000000"><v>18</v></c>',
        "a date that is none": '<c r="C2" t="d"><v>2020-99-99</v></c>',
        "an array formula": '<c r="C2"><f t="array" ref="C2:C99">SUM(A1:A9)</f></c>',
        "a row of the last million": '</row><row r="1048576"><c r="A1048576"><v>1</v></c>',
        "a row beyond the last": '</row><row r="99999999"><c r="A99999999"><v>1</v></c>',
        "a last row as wide as can be": '</row><row r="1048576"><c r="XFD1048576"><v>1</v></c>',
    }
    for name, row in rows.items():
        yield Hostile("workbooks", f"{name}.xlsx", partial(_xlsx_with, row), ending=".xlsx")


# -------------------------------------------------------------------------------------------------------------- archives


def _archives() -> Iterator[Hostile]:
    """Archives that are no workbooks, or that unpack to more than they seem to."""
    whole = _parts(xlsx({"S": GOOD}))
    inner = _zip({"reports.csv": b"event,source,figure\nIdlib,A,18\n"})
    inputs: dict[str, bytes] = {
        "an empty archive": _zip({}),
        "an archive of a CSV": inner,
        "an archive of an archive": _zip({"reports.zip": inner}),
        "a document": _zip({"word/document.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}),
        "a binary workbook": _zip({"xl/workbook.bin": b"\x00"}),
        "paths that climb": _zip({"../../etc/passwd": b"x", "xl/workbook.xml": b"<x/>"}),
        "a locked part": _with_flag(_zip(whole, zipfile.ZIP_STORED)),
        "an unknown method": _with_method(_zip(whole, zipfile.ZIP_STORED)),
        "a part that unpacks to 600 MB": _bomb(whole),
        "a directory of no parts": b"PK\x05\x06" + b"\x00" * 18,
        "the head of an archive": b"PK\x03\x04",
    }
    for name, content in inputs.items():
        yield Hostile("workbooks", f"{name}.zip", partial(bytes, content), "be refused", ending=".xlsx")


def _with_flag(content: bytes) -> bytes:
    """The same archive, its parts said to be locked."""
    found = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = found.find(mark)
        while at >= 0:
            found[at + offset] |= 1
            at = found.find(mark, at + 4)
    return bytes(found)


def _with_method(content: bytes) -> bytes:
    """The same archive, its parts said to be packed in a way that nobody knows."""
    found = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = found.find(mark)
        while at >= 0:
            struct.pack_into("<H", found, at + offset, 77)
            at = found.find(mark, at + 4)
    return bytes(found)


def _bomb(parts: Mapping[str, bytes]) -> bytes:
    """A workbook whose directory names one packed part of a million zeros six hundred times."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.writestr("xl/media/0.bin", bytes(1 << 20))
        archive.filelist += [archive.filelist[-1]] * 599  # written into the directory when the archive is closed
    return target.getvalue()
