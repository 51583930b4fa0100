"""Workbooks written by hand, byte for byte: Excel (.xlsx) and OpenDocument (.ods) with what their writers leave in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from estimates.table.sheet_cells import cell_name

type Table = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Formula:
    """A formula with the value that is stored for it, if any; ``error`` is shown in its place."""

    text: str = "SUM(1,2)"
    value: float | str | None = None
    error: str = ""


def _packed(parts: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


# ---------------------------------------------------------------------------------------------------------------- xlsx

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(sheets: Mapping[str, Table], *, merged: Sequence[str] = (), computed: bool = True) -> bytes:
    """Write an Excel workbook; ``merged`` are areas of its first sheet, such as A2:A4.

    Where it is not ``computed`` the workbook says that its formulas are yet to be computed.
    """
    names = list(sheets)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(names, 1))
        + "</sheets>"
        + ("" if computed else '<calcPr calcId="1" fullCalcOnLoad="1"/>')
        + "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{i}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i, _ in enumerate(names, 1)
        )
        + f'<Relationship Id="rId99" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    for i, rows in enumerate(sheets.values(), 1):
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged) if i == 1 else ""
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>'
            + "".join(f'<row r="{y + 1}">{_xlsx_row(y, row)}</row>' for y, row in enumerate(rows))
            + "</sheetData>"
            + (f"<mergeCells>{areas}</mergeCells>" if areas else "")
            + "</worksheet>"
        )
    return _packed(parts)


def _xlsx_row(row: int, cells: Sequence[object]) -> str:
    return "".join(_xlsx_cell(cell_name(row, at), cell) for at, cell in enumerate(cells) if cell is not None)


def _xlsx_cell(name: str, cell: object) -> str:
    match cell:
        case Formula(text, _, error) if error:
            return f'<c r="{name}" t="e"><f>{text}</f><v>{error}</v></c>'
        case Formula(text, str(value), _):
            return f'<c r="{name}" t="str"><f>{text}</f><v>{escape(value)}</v></c>'
        case Formula(text, value, _):
            return f'<c r="{name}"><f>{text}</f><v>{"" if value is None else value}</v></c>'
        case bool():
            return f'<c r="{name}" t="b"><v>{int(cell)}</v></c>'
        case date():
            day = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
            serial = (day - datetime(1899, 12, 30)).total_seconds() / 86400
            return f'<c r="{name}" s="1"><v>{serial:.10g}</v></c>'
        case int() | float():
            return f'<c r="{name}"><v>{cell!r}</v></c>'
        case _:
            return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'


# ----------------------------------------------------------------------------------------------------------------- ods

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = (
    f'xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" xmlns:text="{_OASIS}:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(sheets: Mapping[str, Table], *, spans: Mapping[tuple[int, int], tuple[int, int]] | None = None) -> bytes:
    """Write an OpenDocument spreadsheet; ``spans`` says how many rows and columns cells of the first sheet take.

    Each sheet ends in the million empty rows that spreadsheets write below a table.
    """
    tables = []
    for number, (name, rows) in enumerate(sheets.items()):
        of_sheet = spans if spans and number == 0 else {}
        written = "".join(
            "<table:table-row>"
            + "".join(_ods_cell(cell, of_sheet.get((y, x))) for x, cell in enumerate(row))
            + "</table:table-row>"
            for y, row in enumerate(rows)
        )
        empty = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        tables.append(f"<table:table table:name={quoteattr(name)}>{written}{empty}</table:table>")

    content = f'<office:document-content {_NAMESPACES} office:version="1.3"><office:body><office:spreadsheet>{"".join(tables)}</office:spreadsheet></office:body></office:document-content>'
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return _packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
    )


def _ods_cell(cell: object, span: tuple[int, int] | None) -> str:
    attributes, text = "", ""
    match cell:
        case None:
            return "<table:table-cell/>" if span is None else "<table:covered-table-cell/>"
        case Formula(formula, value, error):
            attributes = f'table:formula="of:={formula}"'
            if error:
                attributes += ' office:value-type="string" office:string-value="" calcext:value-type="error"'
                text = error
            elif isinstance(value, str):
                attributes, text = (
                    attributes + f' office:value-type="string" office:string-value={quoteattr(value)}',
                    value,
                )
            elif value is not None:
                attributes, text = attributes + f' office:value-type="float" office:value="{value}"', str(value)
        case bool():
            attributes = f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"'
        case date():
            attributes, text = f'office:value-type="date" office:date-value="{cell.isoformat()}"', str(cell)
        case int() | float():
            attributes, text = f'office:value-type="float" office:value="{cell}"', str(cell)
        case _:
            attributes, text = 'office:value-type="string"', str(cell)
    if span is not None:
        attributes += f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    return f"<table:table-cell {attributes}>{f'<text:p>{escape(text)}</text:p>' if text else ''}</table:table-cell>"
