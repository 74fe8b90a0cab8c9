#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The pages under Documentation are reStructuredText without faults, refer only to
# what is there, and the reference of the profile format names everything that the
# compiler knows.
set -u

if ! /usr/bin/python3 -c 'import docutils' 2>/dev/null; then
	echo "1..0 # SKIP python3-docutils is not installed"
	exit 0
fi
exec /usr/bin/python3 - <<'PYTHON'
import glob
import os
import re

import docutils.core
import docutils.nodes
import docutils.parsers.rst.roles
import docutils.utils

COUNT = 0
FAILED = 0


def result(good, name, why=()):
    global COUNT, FAILED
    COUNT += 1
    FAILED += not good
    print(f"{'ok' if good else 'not ok'} {COUNT} - {name}")
    for line in [] if good else why:
        print("#", line)


DOCS = []


def doc_role(name, raw, text, lineno, inliner, options=None, content=None):
    DOCS.append(text)
    return [docutils.nodes.literal(raw, text)], []


docutils.parsers.rst.roles.register_local_role("doc", doc_role)
docutils.parsers.rst.roles.register_local_role("ref", doc_role)

for page in sorted(glob.glob("Documentation/**/*.rst", recursive=True)):
    said = []

    class Reporter:
        def write(self, text):
            said.append(text)

    DOCS.clear()
    text = open(page, encoding="utf-8").read()
    settings = {"warning_stream": Reporter(), "halt_level": 5, "report_level": 1,
                "file_insertion_enabled": False}
    docutils.core.publish_doctree(text, source_path=page, settings_overrides=settings)
    faults = "".join(said).splitlines()
    result(not faults, f"{page} is in order", faults)
    missing = [d for d in DOCS if not os.path.exists(f"{os.path.dirname(page)}/{d}.rst")]
    result(not missing, f"{page} refers to pages that are there", missing)
    tabs = [f"line {n}" for n, line in enumerate(text.splitlines(), 1)
            if line.rstrip() != line]
    result(not tabs, f"{page} has no blanks at the ends of lines", tabs)

page = open("Documentation/profile-format.rst", encoding="utf-8").read()
words = set()
for source in glob.glob("tools/lib/profile_text*.c"):
    text = open(source, encoding="utf-8").read()
    # keys and kinds: "{ "word", VALUE }", key_x(c, s, "word", ...), "step = word"
    words |= set(re.findall(r'\{ "([a-z0-9-]+)", [A-Z]', text))
    words |= set(re.findall(r'key_\w+\(c, s, "([a-z-]+)"', text))
    words |= set(re.findall(r'key_find\(s, "([a-z-]+)"', text))
    words |= set(re.findall(r'word_is\(\w+(?:\(&rest\))?, "([a-z-]+)"', text))
unknown = sorted(w for w in words if not re.search(rf"(?<![\w-]){re.escape(w)}(?![\w-])", page))
result(len(words) > 80 and not unknown,
       f"the reference names all of the {len(words)} words of the format", unknown)

for name in sorted(set(re.findall(r"``((?:kmod|tools|tests|udev|Documentation)/[\w./-]+)``", page))):
    result(os.path.exists(name), f"{name}, which the reference names, is there")

print(f"1..{COUNT}")
raise SystemExit(FAILED != 0)
PYTHON
