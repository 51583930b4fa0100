"""Hostile files of text and JSON, packed ones, and files that are no tables."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import zlib
from collections.abc import Iterator
from functools import partial

from helpers.hostile_input import Hostile, Must, generator
from helpers.workbooks import xlsx

HEAD = "event,source,figure\n"
ONE = HEAD + "Idlib,Monitor,18\n"
TWO = ONE + "Idlib,Rescue,at least 21\n"
REPORT = '{"event": "Idlib", "source": "Monitor", "figure": 18}'


def texts() -> Iterator[Hostile]:
    """All of them."""
    yield from _delimited()
    yield from _torn("delimited text", TWO.encode(), ".csv")
    yield from _encodings()
    yield from _json()
    yield from _torn(
        "JSON", f'[{REPORT},\n{{"event": "Idl\\u0131b", "source": "x", "figure": "dozens"}}]'.encode(), ".json"
    )
    yield from _packed()
    yield from _no_tables()


def _given(kind: str, ending: str, must: Must, inputs: dict[str, str | bytes]) -> Iterator[Hostile]:
    for name, content in inputs.items():
        as_bytes = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        yield Hostile(kind, name, partial(bytes, as_bytes), must, ending=ending)


def _delimited() -> Iterator[Hostile]:
    refused: dict[str, str | bytes] = {
        "empty": "",
        "one space": " ",
        "blank lines": "\n" * 5000,
        "no line end": "event,source,figure",
        "header only": HEAD,
        "header only, and a title": "Dead in Idlib\n" + HEAD,
        "rows of commas": HEAD + ",,\n" * 3000,
        "a quote opened at the end": TWO + 'Idlib,"',
        "a quote opened at the start": '"' + TWO,
        "quotes alone": '"' * 999,
        "quotes within a cell": HEAD + 'Idlib,a"b"c,18\nIdlib,"a"b"c",18\n',
        "a quoted cell with text behind it": HEAD + '"Idlib" x,A,18\n"Idlib"x,A,18\n',
        "NUL within a cell": HEAD + "Id\x00lib,A,18\n",
        "NUL instead of commas": "event\x00source\x00figure\nIdlib\x00A\x0018\n",
        "NULs behind the table": ONE + "\x00" * 4096,
        "rows of 1 to 40 cells": HEAD + "".join(",".join("x" * n) + "\n" for n in range(1, 41)),
        "three separators at once": "event,source;figure\nIdlib\tA,18\n",
        "separators of ASCII": "event\x1fsource\x1ffigure\x1eIdlib\x1fA\x1f18\x1e",
        "colons": "event:source:figure\nIdlib:A:18\n",
        "spaces": "event source figure\nIdlib A 18\n",
        "columns of fixed width": "event     source    figure    \nIdlib     Monitor   18        \n",
        "a table of Markdown": "| event | source | figure |\n|---|---|---|\n| Idlib | Monitor | 18 |\n",
        "8,000 columns without ours": ",".join(f"c{i}" for i in range(8000)) + "\n" + ",".join("x" * 8000) + "\n",
        "8,000 columns of one name": ",".join(["event"] * 8000) + "\n" + ",".join("x" * 8000) + "\n",
        "8,000 columns without names": "event,source,figure" + "," * 7997 + "\n" + ",".join("1" * 8000) + "\n",
        "a cell of 140,000 characters": HEAD + f"{'x' * 140_000},A,18\n",
        "a line of a million characters": "x" * 1_000_000,
        "a header of 100,000 characters": f"event,source,{'f' * 100_000}\nIdlib,A,18\n",
        "sep= and nothing": "sep=,\n",
        "sep= alone": "sep=;",
        "sep= of another mark": "sep=;\nevent,source,figure\nIdlib,A,18\n",
        "a header below its rows": "Idlib,Monitor,18\n" + HEAD,
        "the header in each row": HEAD * 50,
        "columns as rows": "event,Idlib,Idlib\nsource,A,B\nfigure,18,21\n",
        "SQL": "INSERT INTO reports VALUES ('Idlib','A',18); DROP TABLE reports;--\n",
        "YAML": "- event: Idlib\n  source: A\n  figure: 18\n",
        "TOML": '[[reports]]\nevent = "Idlib"\nsource = "A"\nfigure = 18\n',
        "XML": '<?xml version="1.0"?><reports><report event="Idlib"/></reports>',
        "XML that expands": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        "a page with a table": "<table><tr><th>event</th></tr></table>",
        "5,000 rows without a figure": HEAD + "Idlib,A,\n" * 5000,
        "300 rows of different faults": HEAD + "".join(f"Idlib,A,{n} x {n}\n" for n in range(300)),
    }  # fmt: skip
    read: dict[str, str | bytes] = {
        "rows of commas above the header": ",,\n" * 3000 + ONE,
        "a separator of two characters": "event||source||figure\nIdlib||A||18\n",
        "a mark of UTF-8": b"\xef\xbb\xbf" + TWO.encode(),
        "carriage returns alone": TWO.replace("\n", "\r"),
        "three kinds of line ends": HEAD.replace("\n", "\r\n") + "Idlib,A,18\rIdlib,B,21\nIdlib,C,dozens\r\n",
        "blank lines between": TWO.replace("\n", "\n\n\n"),
        "line breaks within quotes": HEAD + '"Id\r\nlib","A\rB",18\n"Id\nlib",C,21\n',
        "cells past the header": TWO.replace("\n", ",,,,\n"),
        "breaks of Unicode within a cell": HEAD + "Id\u2028lib\x85x\x0cy\x0bz,A,18\n",
        "8,000 columns beside ours": "event,source,figure," + ",".join(f"c{i}" for i in range(7997)) + "\nA,B,18" + ",x" * 7997 + "\n",
        "5,000 rows of one event": HEAD + "".join(f"Idlib,S{n % 97},{n % 50 + 1}\n" for n in range(5000)),
        "long names of many words": HEAD + "".join(f"{' '.join(f'{word}{n}' for word in ('event', 'market', 'street') * 9)},A,18\n" * 2 for n in range(30)),
        "names of 100,000 characters": HEAD + f"{'ab ' * 30_000}x,A,18\n{'ab ' * 30_000}y,A,18\n{'a' * 100_000},B,5\n{'a' * 100_001},B,5\n",
        "names of 300 letters": HEAD + "".join(f"{'x' * 290}{n},A,18\n" for n in range(300)),
        "2,000 events": HEAD + "".join(f"Idlib {n},A,18\nIdlib {n},B,21\n" for n in range(2000)),
        "2,000 sources": HEAD + "".join(f"Idlib,Source {n},{n % 30 + 1}\n" for n in range(2000)),
    }  # fmt: skip
    either: dict[str, str | bytes] = {
        "two marks of UTF-8": b"\xef\xbb\xbf\xef\xbb\xbf" + TWO.encode(),
        "a mark in the middle": HEAD + "\ufeffIdlib,A,18\n",
        "sep= twice": "sep=,\nsep=,\n" + TWO,
        "a control character in each cell": HEAD + "".join(f"Idlib{chr(i)},A{chr(i)},18{chr(i)}\n" for i in range(1, 32) if i not in (10, 13)),
        "names spelt with other letters": "еvent,ѕource,figure\nIdlib,A,18\n",
        "names with zero-width characters": "ev\u200bent,sou\u200drce,\u2060figure\nIdlib,A,18\n",
        "names in full width": "ｅｖｅｎｔ,ｓｏｕｒｃｅ,ｆｉｇｕｒｅ\nIdlib,A,18\n",
        "names in capitals and spaces": " EVENT , SoUrCe ,FIGURE\t\nIdlib,A,18\n",
        "hash comments": "# reports\n# of Idlib\n" + TWO,
        "total rows below": TWO + ",,39\nTotal,,39\n",
    }  # fmt: skip
    yield from _given("delimited text", ".csv", "be refused", refused)
    yield from _given("delimited text", ".csv", "be read", read)
    yield from _given("delimited text", ".csv", "be either", either)


def _torn(kind: str, whole: bytes, ending: str, number: int = 12) -> Iterator[Hostile]:
    """A file with some of its bytes lost, doubled or changed."""
    for n in range(number):
        draw = generator(f"{kind} torn {n}")
        content = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            at = draw.randrange(len(content))
            match draw.randrange(4):
                case 0:
                    del content[at : at + draw.randint(1, 12)]
                case 1:
                    content[at:at] = content[max(0, at - 9) : at]
                case 2:
                    content[at] = draw.randrange(256)
                case _:
                    content[at:at] = draw.choice([b'"', b",", b"\r", b"\n", b";", b"\t", b"{", b"]", b"\\"])
        yield Hostile(kind, f"torn {n}", partial(bytes, content), ending=ending)


def _encodings() -> Iterator[Hostile]:
    accented = HEAD + "Alépo – “x”,Observatoire,18\n"
    refused: dict[str, str | bytes] = {
        "UTF-16": accented.encode("utf-16"),
        "UTF-16, big end first": b"\xfe\xff" + accented.encode("utf-16-be"),
        "UTF-16 without a mark": ONE.encode("utf-16-le"),
        "UTF-32": accented.encode("utf-32"),
        "Latin-1": HEAD.encode() + "Alépo,A,18\n".encode("latin-1"),
        "Windows-1252": accented.encode("cp1252"),
        "Windows-1251": (HEAD + "Идлиб,A,18\n").encode("cp1251"),
        "Shift-JIS": (HEAD + "表,A,18\n").encode("shift-jis"),
        "GB 18030": (HEAD + "伊德利卜,A,18\n").encode("gb18030"),
        "EBCDIC": ONE.encode("cp500"),
        "half a character": HEAD + "Id\ud800lib,A,18\n",
        "characters in two halves": HEAD + "\ud83d\ude00,A,18\n",
        "a character cut short at the end": ONE.encode() + b"\xe2\x80",
        "a character in more bytes than it needs": HEAD.encode() + b"\xc0\xaf,A,18\n",
        "a character beyond Unicode": HEAD.encode() + b"\xf4\x90\x80\x80,A,18\n",
        "bytes of every value": HEAD.encode() + bytes(range(1, 256)),
        "random bytes": generator("random bytes").randbytes(5000),
        "a mark of UTF-8 and UTF-16": b"\xef\xbb\xbf" + ONE.encode("utf-16"),
    }
    yield from _given("encodings", ".csv", "be refused", refused)
    yield from _given("encodings", ".csv", "be either", {"UTF-7": HEAD + "Alep+AOk-po,A,18\n"})


def _json() -> Iterator[Hostile]:
    deep = 100_000
    refused: dict[str, str | bytes] = {
        "cut short in a key": f'[{REPORT}, {{"eve',
        "cut short in a value": f'[{REPORT}, {{"event": "Idl',
        "cut short behind a comma": f"[{REPORT},",
        "cut short behind a report": f"[{REPORT}",
        "an opening brace": "{",
        "an empty list": "[]",
        "an empty object": "{}",
        "empty objects": "[{}, {}]",
        "a list of lists": "[[1, 2], [3, 4]]",
        "a list of nulls": "[null, null]",
        "numbers": "[1, 2, 3]",
        "lists without end": "[" * deep,
        "lists that end": "[" * deep + "]" * deep,
        "objects without end": '{"a":' * deep,
        "a report within lists": "[" * 50 + REPORT + "]" * 50,
        "a deep value": f'[{{"event": "A", "source": "B", "figure": {"[" * deep}{"]" * deep}}}]',
        "infinity": '[{"event": "A", "source": "B", "figure": Infinity}]',
        "an integer of 5,000 digits": f'[{{"event": "A", "source": "B", "figure": {"9" * 5000}}}]',
        "a float beyond all floats": '[{"event": "A", "source": "B", "figure": 1e99999}]',
        "a key twice": '[{"event": "A", "event": "B", "source": "B", "figure": 18}]',
        "a key twice, further down": f'[{REPORT},\n{{"event": "A", "source": "B", "figure": 18, "figure": 19}}]',
        "a comma too many": f"[{REPORT},]",
        "commas alone": "[,,,]",
        "single quotes": "[{'event': 'A', 'source': 'B', 'figure': 18}]",
        "comments": f"[ // one\n{REPORT}]",
        "two lists": f"[{REPORT}][{REPORT}]",
        "text behind the list": f"[{REPORT}] and more",
        "columns": '{"event": ["A"], "source": ["B"], "figure": [18]}',
        "columns of pandas": '{"event": {"0": "A"}, "source": {"0": "B"}, "figure": {"0": 18}}',
        "a split frame": '{"columns": ["event", "source", "figure"], "data": [["A", "B", 18]]}',
        "within an object": f'{{"reports": [{REPORT}]}}',
        "GeoJSON": f'{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties": {REPORT}}}]}}',
        "lines, one broken": f'{REPORT}\n{{"event": "A", "source": \n{REPORT}\n',
        "lines, one a list": f"{REPORT}\n[{REPORT}]\n",
        "lines, one a number": f"{REPORT}\n18\n",
        "lines, one text": f'{REPORT}\n"x"\n',
        "lines and CSV": f"{REPORT}\nIdlib,A,18\n",
        "half a character, escaped": '[{"event": "Id\\ud800lib", "source": "B", "figure": 18}]',
        "half a character in a key": '[{"ev\\udfffent": "x", "event": "A", "source": "B", "figure": 18}]',
        "NUL, escaped, as a figure": '[{"event": "A", "source": "B", "figure": "\\u0000"}]',
        "a raw control character": '[{"event": "A\x01", "source": "B", "figure": 18}]',
        "a value that is an object": '[{"event": {"a": 1}, "source": ["B"], "figure": {"low": 1}}]',
        "true as a figure": '[{"event": "A", "source": "B", "figure": true}]',
        "false as a figure": '[{"event": "A", "source": "B", "figure": false}]',
        "Unicode digits": '[{"event": "A", "source": "B", "figure": ١٨}]',
        "a wrong escape": '[{"event": "\\x41", "source": "B", "figure": 18}]',
    }  # fmt: skip
    read: dict[str, str | bytes] = {
        "lines with blank ones": f"\n\n{REPORT}\n\n\n{REPORT.replace('Monitor', 'x')}\n\n",
        "lines without breaks": REPORT + REPORT.replace("Monitor", "x"),
        "lines that end in carriage returns": f"{REPORT}\r{REPORT.replace('Monitor', 'x')}\r",
        "an empty key without a value": '[{"": null, "event": "A", "source": "B", "figure": 18}]',
        "5,000 keys of one report": json.dumps([{"event": "A", "source": "B", "figure": 18} | {f"k{i}": i for i in range(5000)}]),
        "2,000 reports of other keys": json.dumps([{"event": "A", "source": f"S{i}", "figure": 18, f"k{i % 60}": i} for i in range(2000)]),
    }  # fmt: skip
    either: dict[str, str | bytes] = {
        "not a number as an event": '[{"event": -Infinity, "source": "B", "figure": 18}]',
        "not a number as a figure": '[{"event": "A", "source": "B", "figure": NaN}]',
        "an escaped character in two halves": '[{"event": "\\ud83d\\ude00", "source": "B", "figure": 18}]',
        "NUL, escaped": '[{"event": "A\\u0000B", "source": "B", "figure": 18}]',
        "an empty key with a value": '[{"": 1, "event": "A", "source": "B", "figure": 18}]',
        "keys of spaces": '[{" ": 1, "  ": 2, "event": "A", "source": "B", "figure": 18}]',
        "keys that steer a terminal": '[{"\\u001b[2J\\u202e": 1, "event": "A", "source": "B", "figure": 18}]',
        "a deep value in an unknown key": f'[{{"event": "A", "source": "B", "figure": 18, "x": {"[" * 400}{"]" * 400}}}]',
        "a negative zero": '[{"event": "A", "source": "B", "figure": -0.0}]',
        "keys of prototypes": '[{"__proto__": {}, "__class__": "x", "event": "A", "source": "B", "figure": 18}]',
    }  # fmt: skip
    yield from _given("JSON", ".json", "be refused", refused)
    yield from _given("JSON", ".json", "be read", read)
    yield from _given("JSON", ".json", "be either", either)


def _packed() -> Iterator[Hostile]:
    whole = gzip.compress(TWO.encode(), mtime=0)
    bomb = gzip.compress(HEAD.encode() + b" " * (1 << 20), mtime=0)
    kept = zlib.compressobj(wbits=31)
    endless = kept.compress(TWO.encode()) + kept.flush(zlib.Z_SYNC_FLUSH)
    header_of_all = b"\x1f\x8b\x08\x1e" + b"\x00" * 6 + b"\xff\xff" + b"x" * 40
    refused: dict[str, str | bytes] = {
        "gzip cut in its header": whole[:5],
        "gzip cut in its middle": whole[: len(whole) // 2],
        "gzip cut in its sum": whole[:-3],
        "gzip without an end": endless,
        "gzip with a wrong sum": whole[:-8] + b"\x00" * 8,
        "gzip with a wrong method": whole[:2] + b"\x07" + whole[3:],
        "gzip with a header of everything": header_of_all,
        "gzip within gzip": gzip.compress(whole, mtime=0),
        "gzip within gzip within gzip": gzip.compress(gzip.compress(whole, mtime=0), mtime=0),
        "gzip of nothing": gzip.compress(b"", mtime=0),
        "gzip of zeros": gzip.compress(b"\x00" * (1 << 22), mtime=0),
        "gzip of spaces": bomb,
        "gzip that unpacks to 600 MB": gzip.compress(b"\x00" * (1 << 20), mtime=0) * 600,
        "gzip of a workbook cut short": gzip.compress(xlsx({"S": [["event"]]})[:200], mtime=0),
        "bzip2": bz2.compress(TWO.encode()),
        "xz": lzma.compress(TWO.encode()),
        "zlib": zlib.compress(TWO.encode()),
        "zstd": b"\x28\xb5\x2f\xfd\x04\x00" + b"\x00" * 20,
        "7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\x00" * 30,
        "tar": b"reports.csv".ljust(257, b"\x00") + b"ustar\x0000" + b"\x00" * 248 + TWO.encode(),
    }
    either: dict[str, str | bytes] = {
        "gzip with text behind it": whole + b"\nIdlib,X,30\n",
        "gzip with zeros behind it": whole + b"\x00" * 100,
        "gzip in two pieces, cut within a row": gzip.compress(TWO.encode()[:30], mtime=0) + gzip.compress(TWO.encode()[30:], mtime=0),
    }  # fmt: skip
    yield from _given("packed files", ".csv.gz", "be refused", refused)
    yield from _given("packed files", ".csv.gz", "be either", either)


def _no_tables() -> Iterator[Hostile]:
    refused: dict[str, str | bytes] = {
        "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        "a photograph": b"\xff\xd8\xff\xe0\x00\x10JFIF",
        "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500,
        "a program": b"\x7fELF\x02\x01\x01" + b"\x00" * 57,
        "a pickle": b"\x80\x04cos\nsystem\n(S'true'\ntR.",
        "a database": b"SQLite format 3\x00" + b"\x00" * 84,
        "HDF5": b"\x89HDF\r\n\x1a\n" + b"\x00" * 100,
        "Feather": b"ARROW1\x00\x00" + b"\xff" * 40,
        "a page": b"<!doctype html><html><body><p>18 killed</p></body></html>",
        "rich text": b"{\\rtf1\\ansi 18 killed}",
        "a mail": b"From: x@example.org\nSubject: toll\n\n18 killed\n",
    }  # fmt: skip
    parquet: dict[str, str | bytes] = {
        "Parquet: two marks": b"PAR1PAR1",
        "Parquet: a length beyond its end": b"PAR1" + b"\x15\x04" * 20 + b"\xff\xff\xff\x7fPAR1",
        "Parquet: a length below nothing": b"PAR1" + b"\x15\x04" * 20 + b"\xff\xff\xff\xffPAR1",
        "Parquet: text": TWO.encode(),
    }
    yield from _given("no tables", ".dat", "be refused", refused)
    yield from _given("no tables", ".parquet", "be refused", parquet)
