#compdef mfa
# Completion of mfa for zsh: sourced after compinit, or as a file '_mfa' in a folder of $fpath.

_mfa() {
    local -a lines described
    local line value
    lines=("${(@f)$(command mfa __complete --word="$PREFIX" -- "${(@)words[2,CURRENT-1]}" 2>/dev/null)}")
    for line in $lines; do
        if [[ $line == $'\tfiles' ]]; then
            compset -P '--*='
            _files
            return
        fi
        value=${line%%$'\t'*}
        described+=("${value//:/\\:}:${line#*$'\t'}")
    done
    (( $#described )) && _describe -V 'mfa' described
}

if [[ ${funcstack[1]} == _mfa ]]; then _mfa "$@"; else compdef _mfa mfa; fi
