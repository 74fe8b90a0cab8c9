# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Debian packages without installing them: a private apt state in the cache,
# for one suite, whose sources are derived from the ones this machine already
# has. Nothing here touches the machine's own apt state, except that its
# package lists are fetched once where it has none.

APT_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# apt_sites: "CODENAME SITE" of each Debian source this machine has.
apt_sites() {
	# shellcheck disable=SC2016 # apt fills these in
	apt-get indextargets --format '$(CODENAME) $(SITE) $(ORIGIN)' \
		'Created-By: Packages' 'Component: main' |
		awk '$3 == "Debian" { print $1, $2 }' | sort -u
}

# apt_sources SUITE: a sources.list for SUITE, its updates and its security
# suite, from wherever this machine gets its own.
apt_sources() {
	local suite=$1 own sites main security

	own=$(. /etc/os-release && echo "$VERSION_CODENAME")
	sites=$(apt_sites)
	if [ -z "$sites" ]; then
		apt-get -qq update
		sites=$(apt_sites)
	fi
	main=$(awk -v own="$own" '$1 == own { print $2; exit }' <<<"$sites")
	security=$(awk -v own="$own-security" '$1 == own { print $2; exit }' <<<"$sites")
	[ -n "$main" ] || {
		say "no Debian source for $own found in /etc/apt"
		return 1
	}

	local by="[signed-by=$APT_KEYRING]"
	echo "deb $by ${main%/} $suite main"
	case $suite in
	sid | *-backports) return ;;
	esac
	echo "deb $by ${main%/} $suite-updates main"
	[ -z "$security" ] || echo "deb $by ${security%/} $suite-security main"
}

# apt_host_options: the settings of this machine that a download needs too
apt_host_options() {
	apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date|Retries) ' || :
}

apt_state_make() {
	local dir=$1 suite=$2 final=$CACHE/apt/$2

	mkdir -p "$dir"/{lists/partial,cache/archives/partial,parts}
	: >"$dir/status"
	apt_sources "$suite" >"$dir/sources.list"
	cat >"$dir/apt.conf" <<-CONF
		Dir::State "$final";
		Dir::State::lists "$final/lists";
		Dir::State::status "$final/status";
		Dir::Cache "$final/cache";
		Dir::Etc::sourcelist "$final/sources.list";
		Dir::Etc::sourceparts "$final/parts";
		APT::Architecture "amd64";
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	CONF
	# The paths above are those after the move into place.
	sed "s|$final|$dir|" "$dir/apt.conf" >"$dir/apt.conf.now"
	apt-get -qq -c "$dir/apt.conf.now" update
	rm "$dir/apt.conf.now"
}

# apt_state SUITE: path of the configuration of a private state for SUITE
apt_state() {
	once "apt/$1" apt_state_make "$1"
	printf '%s/apt/%s/apt.conf\n' "$CACHE" "$1"
}

# apt_fetch SUITE DIR PACKAGE...: download packages into DIR. The archive drops
# old versions, so lists of an earlier day may name files that are gone: then
# fetch new lists and try once more.
apt_fetch() {
	local suite=$1 dir=$2 conf

	shift 2
	conf=$(apt_state "$suite")
	(
		cd "$dir" || exit
		apt-get -qq -c "$conf" download "$@" || {
			say "fetching new package lists of $suite"
			apt-get -qq -c "$conf" update
			apt-get -qq -c "$conf" download "$@"
		}
	)
}

# apt_closure SUITE PATTERN PACKAGE...: names of PACKAGE... and of all they
# depend on, as far as the names match PATTERN (extended regular expression)
apt_closure() {
	local suite=$1 pattern=$2 conf

	shift 2
	conf=$(apt_state "$suite")
	apt-cache -c "$conf" depends --recurse -i "$@" | grep -E '^[a-z0-9]' |
		grep -E "$pattern" | sort -u
}
