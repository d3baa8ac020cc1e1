"""CSV tables, good and bad, with the expected error message."""


def table(rows=12, columns=9, header=None, label=lambda k: k % 2) -> bytes:
    lines = [header or "label," + ",".join(f"pixel{k}" for k in range(columns))]
    lines += [f"{label(k)}," + ",".join([str(k)] * columns) for k in range(rows)]
    return "\n".join(lines).encode()


BAD_TABLES = {
    "no label": (table(header="a," + ",".join("pppppppp")), "no column 'label'"),
    "no square": (table(columns=8), "do not make a square"),
    "no rows": (table(rows=0), "no rows"),
    "one label": (table(label=lambda k: 4), "only one label"),
    "a word": (table() + b"\n1,2,3,cat,5,6,7,8,9,10", "line 14: .*cat"),
    "a missing field": (table() + b"\n1,2,3", "3 fields where"),
    "an empty field": (table() + b"\n1,2,3,,5,6,7,8,9,10", "missing"),
    "too large": (table() + b"\n1,2,3,256,5,6,7,8,9,10", "256 is larger"),
    "no text": (b"\x89PNG\r\n\x1a\n" + bytes(50), "no column 'label'"),
}
