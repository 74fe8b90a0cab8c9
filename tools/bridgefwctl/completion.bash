# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of bridgefwctl for bash. The tool itself knows its commands,
# options, bridges, profiles and backups: `bridgefwctl complete`.
# shellcheck shell=bash disable=SC2207

_bridgefwctl()
{
	local cur prev words cword
	_init_completion -n =: || return

	local -a said=()
	local word kind i
	# the words of the command: what is neither an option nor an option's value
	for ((i = 1; i < cword; i++)); do
		word=${words[i]}
		case $word in
		--profile | --output | --label | --memory | --repeat | --progress | -[polmr])
			((i++)) ;;
		-*) ;;
		*) said+=("$word") ;;
		esac
	done

	case $prev in
	--progress)
		COMPREPLY=($(compgen -W "auto bar plain none" -- "$cur"))
		return ;;
	--profile | -p)
		COMPREPLY=($(compgen -W "$(bridgefwctl complete profiles 2>/dev/null)" -- "$cur"))
		_bridgefwctl_files "$cur"
		return ;;
	--output | -o)
		_bridgefwctl_files "$cur"
		return ;;
	--label | -l | --memory | -m | --repeat | -r)
		return ;;
	esac

	case $cur in
	--progress=*)
		COMPREPLY=($(compgen -P "--progress=" -W "auto bar plain none" -- "${cur#*=}"))
		return ;;
	--profile=*)
		COMPREPLY=($(compgen -P "--profile=" \
			-W "$(bridgefwctl complete profiles 2>/dev/null)" -- "${cur#*=}"))
		return ;;
	-*)
		COMPREPLY=($(compgen \
			-W "$(bridgefwctl complete options "${said[@]:0:2}" 2>/dev/null)" -- "$cur"))
		[[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace
		return ;;
	esac

	if ((${#said[@]} == 0)); then
		kind="$(bridgefwctl complete commands 2>/dev/null)"
	elif ((${#said[@]} == 1)) &&
		kind="$(bridgefwctl complete commands "${said[0]}" 2>/dev/null)" &&
		[[ -n $kind ]]; then
		:
	else
		kind=
		case "${said[0]} ${said[1]-}" in
		help*)
			kind="$(bridgefwctl complete commands 2>/dev/null)" ;;
		"profile show"*)
			kind="$(bridgefwctl complete profiles 2>/dev/null)"
			_bridgefwctl_files "$cur" ;;
		profile*)
			_bridgefwctl_files "$cur" ;;
		"backup show"*)
			kind="$(bridgefwctl complete backups 2>/dev/null)" ;;
		restore*)
			kind="$(bridgefwctl complete devices 2>/dev/null)
				$(bridgefwctl complete backups 2>/dev/null)" ;;
		flash* | verify* | dump* | eeprom*)
			kind="$(bridgefwctl complete devices 2>/dev/null)"
			_bridgefwctl_files "$cur" ;;
		info* | status* | backup* | attach*)
			kind="$(bridgefwctl complete devices 2>/dev/null)" ;;
		esac
	fi
	COMPREPLY+=($(compgen -W "$kind" -- "$cur"))
	__ltrim_colon_completions "$cur" 2>/dev/null
}

_bridgefwctl_files()
{
	compopt -o filenames 2>/dev/null
	COMPREPLY+=($(compgen -f -- "$1"))
}

complete -F _bridgefwctl bridgefwctl
