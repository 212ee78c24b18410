# bash completion of tsunagi: commands, and the options that a command's --help lists
_tsunagi() {
	local cur=${COMP_WORDS[COMP_CWORD]} words
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		words=$(TSUNAGI_LANG=en "${COMP_WORDS[0]}" help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p')
	elif [[ $cur == -* ]]; then
		words=$(TSUNAGI_LANG=en "${COMP_WORDS[0]}" "${COMP_WORDS[1]}" --help 2>/dev/null |
			sed -n 's/^  \(--[a-z-]*\).*/\1/p')
	else
		return # names of files: -o default
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o default -F _tsunagi tsunagi
