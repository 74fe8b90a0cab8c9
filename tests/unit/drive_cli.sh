#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bridgefwctl image, from the command line: that it is found and run, what it says of
# made-up images (whole answers are in tests/unit/drive_golden), what it refuses.
#
#	GOLDEN=write tests/unit/drive_cli.sh	takes what it says now for right
BUILD=${BUILD:-build}
CTL=$PWD/$BUILD/tools/bridgefwctl
GOLDEN_DIR=$PWD/tests/unit/drive_golden
DIR=$(mktemp -d /tmp/bridgefw-unit-XXXXXX)
trap 'rm -rf "$DIR"' EXIT
cd "$DIR" || exit 1
COUNT=0
FAILED=0

result() { # GOOD NAME
	COUNT=$((COUNT + 1))
	if [ "$1" = 0 ]; then
		echo "ok $COUNT - $2"
	else
		echo "not ok $COUNT - $2"
		sed 's/^/# /' out err
		FAILED=$((FAILED + 1))
	fi
}

run() { # WANTED_STATUS PART_OF_OUTPUT ARGUMENT...
	status=$1 part=$2
	shift 2
	"$CTL" "$@" >out 2>err </dev/null
	is=$?
	[ "$is" = "$status" ] && cat out err | grep -qF -e "$part"
	result $? "bridgefwctl $*: $status, $part (is $is)"
}

json() { # WANTED_STATUS ARGUMENT...; the object is complete and says the status
	status=$1
	shift
	"$CTL" "$@" --json >out 2>err </dev/null
	is=$?
	[ "$is" = "$status" ] && [ ! -s err ] && head -1 out | grep -qx '{' &&
		tail -1 out | grep -qx '}' &&
		if [ "$is" = 0 ]; then
			! grep -q '"error":{' out
		else
			grep -q "\"code\":$status" out
		fi
	result $? "bridgefwctl $* --json: $status (is $is)"
}

golden() { # NAME WANTED_STATUS ARGUMENT...; what is said, to the letter
	name=$1 status=$2
	shift 2
	"$CTL" "$@" >out 2>err </dev/null
	is=$?
	cat err >>out
	[ "${GOLDEN-}" != write ] || cp out "$GOLDEN_DIR/$name"
	diff -u "$GOLDEN_DIR/$name" out >err 2>&1 && [ "$is" = "$status" ]
	result $? "bridgefwctl $*: $status (is $is), as in $name"
}

put() { # FILE OFFSET FORMAT: what printf makes of it
	# shellcheck disable=SC2059
	printf "$3" | dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none
}

banks() { # FILE: 1 MiB, each bank beginning with a jump
	head -c 1048576 /dev/zero >"$1"
	for bank in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		put "$1" $((bank * 65536)) '\002'
	done
}

internal() { # FILE REVISION: the code that puts it together
	for at in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		letter=$(echo "$2            " | cut -c$((at + 1)))
		put "$1" $((0xa000 + 24 * at)) '\175'"$letter"'\220'
	done
}

liteon() { # FILE TEXTS [INTERNAL]: vendor, product, revision, time
	banks "$1"
	[ -z "${3-}" ] || internal "$1" "$3"
	put "$1" 0x8123 '\345\220\124\017\264\000'
	put "$1" 0x9000 '\005\200\000\062\133\000\000\000'"$2"
}

flasher() { # FILE IMAGE
	head -c 8192 /dev/zero >"$1"
	put "$1" 0 MZ
	put "$1" 0x100 'Ver 1.9.12\0\0'
	put "$1" 0x1000 'HOW_MANY_BIN=1\0BIN_START1=0000003845\0BIN_START2=0000000000\0'
	put "$1" 0x103b 'BIN_START3=0000000000\0BIN_START4=0000000000\0'
	put "$1" 0x1067 'BIN_SIZE1=0001048576\0BIN_SIZE2=0000000000\0BIN_SIZE3=0000000000\0'
	put "$1" 0x10a6 'BIN_SIZE4=0000000000\0NEW_FW1=VY08\0\0\0\0NEW_FW2=\0\0\0\0\0\0\0\0'
	put "$1" 0x10db 'NEW_FW3=\0\0\0\0\0\0\0\0NEW_FW4=\0\0\0\0\0\0\0\0'
	cat "$2" >>"$1"
}

liteon vy08.bin 'SONY    DVD RW DRU-700A VY082004/12/10 10:30' VY08
liteon vy06.bin 'SONY    DVD RW DRU-700A VY062004/06/01 10:30' VY06
liteon by01.bin 'SONY    DVD RW DRU-710A BY012004/12/10 10:30' BY01
liteon cg3e.bin 'LITE-ON DVDRW SOHW-832S CG3E2004/12/10 10:30' VS0A
liteon named.bin 'SONY    DVD RW DRU-700A VY062004/06/01 10:30'
liteon us0a.bin 'LITE-ON DVDRW SOHW-812S US0A2004/06/01 10:30' US0A
cp vy08.bin broken.bin
put broken.bin $((5 * 65536)) '\003'
head -c 131072 /dev/zero >pioneer.bin
put pioneer.bin 0x60 'PIONEER DVD-RW  DVR-109 '
put pioneer.bin 0x90 '1.09'
put pioneer.bin 0xb0 'ATA 0009'
put pioneer.bin 0xd0 'GENERAL '
put pioneer.bin 0x110 'Kernel'
head -c 2097152 /dev/zero >mt1959.bin
put mt1959.bin 0x3000 'MT1959 Boot BU5 '
head -c 262144 /dev/zero >tsst.bin
put tsst.bin 5 'x'
head -c 1000 /dev/urandom >random.bin
head -c 1048576 /dev/zero >zero.bin

# it is found, and lists what it can do
run 0 'look into firmware images of optical drives' help
run 0 'Usage: bridgefwctl image COMMAND' help image
run 0 'Usage: bridgefwctl image extract' help image extract
run 2 'Usage: bridgefwctl image COMMAND' image
run 0 'Usage: bridgefwctl image COMMAND' image --help
run 0 'Usage: bridgefwctl image COMMAND' --help image
run 0 'Usage: bridgefwctl image info' image info --help
run 0 'Usage: bridgefwctl image compare' image help compare
run 2 'no command "image frobnicate"' image frobnicate
run 2 'not known here: --force' image info --force x
run 2 'not known here: --bogus' image --bogus
run 2 'arguments are missing' image info
run 2 'arguments are missing' image compare x
run 2 'argument too many: b' image extract a b
run 2 'missing after --output' image extract a --output
run 0 'image' complete commands
run 0 'extract' complete commands image
run 0 '--dry-run' complete options image extract
json 2 image frobnicate
json 2 image info
json 2 --json image info
json 0 image families
json 10 image info random.bin
json 0 image info vy08.bin
mkdir -p moved/sbin moved/lib/bridgefw
cp "$CTL" moved/sbin
cp "$CTL-image" moved/lib/bridgefw
moved/sbin/bridgefwctl image families 2>err >out
result $? 'where it is installed, it is found, too'
if [ ! -e /usr/lib/bridgefw/bridgefwctl-image ]; then
	rm moved/lib/bridgefw/bridgefwctl-image
	moved/sbin/bridgefwctl image families >out 2>err
	[ $? = 1 ] && grep -q 'bridgefwctl-image, which is not installed' err
	result $? 'where it is not, that is said'
	moved/sbin/bridgefwctl image families --json >out 2>err
	[ $? = 1 ] && [ ! -s err ] && grep -q '"reason":"not-installed"' out
	result $? 'to scripts as well'
fi

# what it says
golden families.txt 0 image families
golden liteon.txt 0 image info vy08.bin
golden liteon.json 0 image info vy08.bin --json
golden crossflash.txt 0 image info cg3e.bin
golden named.txt 0 image info named.bin
golden broken.txt 10 image info broken.bin
golden pioneer.txt 0 image info pioneer.bin
golden mt1959.txt 0 image info mt1959.bin
golden tsst.txt 10 image info tsst.bin
golden several.txt 10 image info vy08.bin zero.bin tsst.bin
run 10 'is not recognised' image info random.bin
run 10 'holds no firmware: all of its 1048576 bytes are 00' image info zero.bin
: >empty.bin
run 10 'is empty' image info empty.bin
run 10 'cannot be opened' image info none.bin
run 10 'not a regular file' image info .
run 10 '2 of 2 files' image info none.bin random.bin
head -c 16777217 /dev/zero >long.bin
run 10 'at most 16777216' image info long.bin

# taking images out
flasher flasher.exe vy08.bin
run 0 'VY08, 1048576 bytes at 0x2000' image info flasher.exe
run 0 'would be written' image extract flasher.exe --dry-run
[ ! -e VY08.bin ]
result $? 'a dry run writes nothing'
run 0 './VY08.bin: 1048576 bytes from 0x2000' image extract flasher.exe
cmp VY08.bin vy08.bin >out 2>err
result $? 'it is the image that was put in'
echo mine >VY08.bin
run 2 'exists already' image extract flasher.exe
[ "$(cat VY08.bin)" = mine ]
result $? 'what is there is not replaced'
json 2 image extract flasher.exe
run 0 'VY08.bin' image extract flasher.exe --force
run 0 'deep/down/VY08.bin' image extract flasher.exe --output deep/down
cmp deep/down/VY08.bin vy08.bin >out 2>err
result $? 'into another directory'
json 0 image extract flasher.exe --force
cp flasher.exe scrambled.exe
put scrambled.exe 0x2000 'Z'
run 5 'is scrambled (Fibonacci XOR or keyed XOR)' image extract scrambled.exe --output no
json 5 image extract scrambled.exe --output no
run 10 'image1' image info scrambled.exe
cp flasher.exe flipped.exe
put flipped.exe 0x2000 '\000'
put flipped.exe 0x101fff '\002'
run 5 'is scrambled (flip-n-swap)' image extract flipped.exe --output no
head -c 1056767 flasher.exe >cut.exe
run 10 'not wholly in the file' image extract cut.exe --output no
put cut.exe 0x1000 'XXX'
run 10 'no descriptor of images' image extract cut.exe --output no
head -c 4096 /dev/zero >packed.exe
put packed.exe 0 MZ
put packed.exe 0x2f8 UPX0
run 5 'packed with UPX' image extract packed.exe --output no
run 10 'packed with UPX' image info packed.exe
run 10 'taken for an image already' image extract vy08.bin --output no
run 10 'no descriptor of images' image extract random.bin --output no
[ ! -e no ]
result $? 'what is refused leaves nothing behind'

# comparing
run 0 'they are equal' image compare vy08.bin vy08.bin
golden compare.txt 6 image compare vy08.bin vy06.bin
golden compare-other.json 5 image compare vy08.bin by01.bin --json
run 6 'is not known' image compare vy08.bin named.bin
run 6 'two families of drives with that hardware' image compare vy08.bin us0a.bin
liteon ts0c.bin 'LITE-ON DVDRW SOHW-1213STS0C2004/06/01 10:30' TS0C
run 6 'that the drive learned have to be reset' image compare by01.bin ts0c.bin
run 5 'different hardware' image compare named.bin by01.bin
run 5 'different families' image compare vy08.bin mt1959.bin
run 5 'is not as it should be' image compare vy08.bin broken.bin
run 10 'not recognised' image compare vy08.bin random.bin
run 10 'not recognised' image compare random.bin vy08.bin
cp mt1959.bin other.bin
put other.bin 0x3000 'MT1959 Boot JB8 '
run 5 'differ in boot_id' image compare mt1959.bin other.bin
cp mt1959.bin other.bin
put other.bin 0x1f0010 'unit'
run 6 'calibration: differs; belongs to one drive' image compare mt1959.bin other.bin
run 6 'whether one may follow the other is not known' image compare mt1959.bin other.bin
json 6 image compare mt1959.bin other.bin

objdump -p "$CTL-image" | sed -n 's/^ *NEEDED *//p' | sort >out
printf 'libc.so.6\nlibjson-c.so.5\nlibnettle.so.8\n' | cmp -s - out
result $? 'linked to libc, json-c and nettle, and to nothing else'

echo "1..$COUNT"
[ "$FAILED" = 0 ]
