"""The mark on a copy: who took it, from where, when, and the number under which the ledger knows it."""

import typst

SOURCE = b"""
#let picture = sys.inputs.white == "yes"
#set page(
  width: if picture { 420pt } else { 595pt },
  height: auto,
  margin: (x: 8pt, y: 3pt),
  fill: if picture { white },
)
#set text(size: 7.5pt, fill: rgb("#7a1f1f"), lang: "id")
#box(fill: white.transparentize(25%), outset: 2pt)[#strong(sys.inputs.first) #h(1fr) #sys.inputs.second]
"""


def mark(who: str, what: str, *, as_picture: bool) -> bytes:
    """This will set the mark as a strip: a PNG under a picture, a PDF at the foot of a page."""
    told = {"first": who, "second": what, "white": "yes" if as_picture else "no"}
    made = typst.compile(
        SOURCE, format="png" if as_picture else "pdf", ppi=280 if as_picture else None, sys_inputs=told
    )
    assert isinstance(made, bytes)
    return made
