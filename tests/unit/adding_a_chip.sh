#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Follows Documentation/adding-a-chip.rst literally, in a copy of the tree: makes
# the files of the blocks marked ".. file: PATH", runs those marked ".. run", and
# looks for each line of those marked ".. prints" in what the last run said.
set -u

PAGE=Documentation/adding-a-chip.rst
TOP=$PWD
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
TREE=$WORK/tree
COUNT=0
STATUS=0

result() {
	COUNT=$((COUNT + 1))
	if [ "$1" = 0 ]; then
		echo "ok $COUNT - $2"
	else
		echo "not ok $COUNT - $2"
		STATUS=1
	fi
}

# The marked blocks of the page, one file each: 01-file:PATH, 02-run, 03-prints.
blocks() {
	awk -v dir="$WORK/blocks" '
	/^\.\. (file: |run$|prints$)/ {
		n++
		name = sprintf("%s/%02d-%s", dir, n, $2 == "file:" ? "file" : $2)
		if ($2 == "file:")
			print $3 > (name ".path")
		waiting = 1
		next
	}
	waiting && /^\.\. code-block::/ { waiting = 0; inside = 1; next }
	inside && /^[^ ]/ { inside = 0 }
	inside { sub(/^   /, ""); print > name }
	' "$PAGE"
}

# The sources as they are now, without what was built.
copy_tree() {
	mkdir -p "$TREE"
	tar -C "$TOP" --exclude=./.git --exclude=./build -cf - . | tar -C "$TREE" -xf -
}

mkdir -p "$WORK/blocks"
blocks
copy_tree
[ -e "$TREE/$PAGE" ]
result $? "the tree is copied"
[ "$(ls "$WORK/blocks" | wc -l)" -ge 6 ]
result $? "the page has blocks to follow"
[ ! -e "$TREE/kmod/profiles/example.profile" ]
result $? "the page's chip is not in the tree yet"

# The make that runs this test is no business of those in the copy.
unset MAKEFLAGS MAKELEVEL MFLAGS BUILD

for block in "$WORK"/blocks/*; do
	case $block in
	*-file)
		path=$(cat "$block.path")
		cp "$block" "$TREE/$path"
		result $? "$path is saved"
		;;
	*-run)
		(cd "$TREE" && bash -e "$block") >"$WORK/said" 2>&1 </dev/null
		result $? "the commands run: $(grep -m 1 . "$block") ..."
		[ "$STATUS" = 0 ] || tail -n 20 "$WORK/said" | sed 's/^/# /'
		;;
	*-prints)
		while IFS= read -r line; do
			[ -n "$line" ] || continue
			grep -qF -- "$line" "$WORK/said"
			result $? "it prints: $line"
		done <"$block"
		;;
	esac
done

# The page's last run has put the table into the tree.
grep -q '^example$' "$TREE/Documentation/supported-chips.rst"
result $? "the chip is in the table of supported chips"
! cmp -s "$TREE/Documentation/supported-chips.rst" "$TOP/Documentation/supported-chips.rst"
result $? "which is another one than before"
grep -q '/\* example \*/' "$TREE/build/gen/known_profiles.h"
result $? "the module takes the profile for one of the system's"
before=$(wc -c <"$TOP/build/firmware/bridgefw/index.bin")
after=$(wc -c <"$TREE/build/firmware/bridgefw/index.bin")
[ $((after - before)) = 80 ]
result $? "the index has one id more"

# Taken away again, it leaves nothing behind.
rm "$TREE/kmod/profiles/example.profile"
make -s -C "$TREE" firmware generated >"$WORK/said" 2>&1 &&
	[ ! -e "$TREE/build/firmware/bridgefw/example.bin" ] &&
	! grep -q 1209 "$TREE/build/udev/60-bridgefw.rules" &&
	cmp -s "$TREE/build/firmware/bridgefw/index.bin" "$TOP/build/firmware/bridgefw/index.bin"
result $? "and taken away again, it leaves nothing behind"

echo "1..$COUNT"
exit $STATUS
