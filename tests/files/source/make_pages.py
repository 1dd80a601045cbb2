"""Make web pages and Markdown that are hard to read: ``python make_pages.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

QUOTES = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Visitors' book</title>
</head><body><nav><a href="/">Home</a> <a href="/book">Book</a></nav><main id="main">
<h1 id="book">What visitors say</h1>
<blockquote class="blockquote"><p>The tea room was warm and the scones were large.</p>
<footer class="blockquote-footer">Nora Quill in <cite title="Visitors' book">the book of 2023</cite>
</footer></blockquote>
<blockquote><p>Too many steps for a pram.</p><p>The view makes up for it.</p>
<footer>A family of five</footer></blockquote>
<p>Entry is <s>£4</s> £5<sup><a href="#n1">1</a></sup>, or £90<sup>2</sup> for a coach.</p>
<ol><li id="n1">Children under <del datetime="2023-05-01">five</del> <ins>seven</ins> are free.
<a href="#book">↩</a></li><li>The driver too.</li></ol>
</main><footer><p>Hill Farm Trust</p></footer></body></html>
"""

NOTICE = """<html><head><title>Ferry notice</title></head><body bgcolor="white">
<table width="100%" border="0"><tr><td><h2>Ferry notice</h2>
<p>The fare was <strike>80p</strike> and is now 95p<sup>*</sup>. Boats leave at 10<sup>th</sup>
bell.<br><br>Call <span style="text-decoration: line-through">555 123</span> 555 198.</p>
<blockquote>No boat sails in fog.
<footer>By order of the harbour master, <address>Quay House</address></footer></blockquote>
<p><sup>*</sup> Bicycles 40p.</p></td></tr></table></body></html>
"""

POLICY = """---\r
title: 'Loan of tools'\r
date: 2025-02-14\r
publisher: "Shed Friends"\r
keywords:\r
  - tools\r
  - loans\r
---\r
\r
Loan of tools\r
=============\r
\r
A drill may be kept for <b>three</b> days.<br/>A saw for one.\r
\r
<div class="note">\r
\r
Bring it back *clean*.\r
\r
</div>\r
\r
<table>\r
<tr><th>Tool</th><th>Deposit</th></tr>\r
<tr><td>Drill</td><td>&pound;20</td></tr>\r
<tr><td>Saw</td><td>&pound;8</td></tr>\r
</table>\r
"""

MINUTES = """---
# who was there is below
title: Minutes of the tool shed
date: 3 March 2025
draft: false
---

# Minutes

Present: six members <!-- and a dog -->.

<details><summary>Accounts</summary>

| Month | Sum |
|-------|-----|
| March | £61 |

</details>

1. The roof was mended&nbsp;<sup>2</sup> for ~~£90~~ £75.
2. Next meeting: <time datetime="2025-04-07">7 April</time>.

---

<center>Signed, Ida Crane</center>
"""

NAMES = {"quotes.html": QUOTES, "notice.html": NOTICE, "policy.md": POLICY, "shed.md": MINUTES}

if __name__ == "__main__":
    for name, text in NAMES.items():
        Path(sys.argv[1], name).write_text(text, encoding="utf-8", newline="")
