# Completion of mfa for bash, 3.2 or newer.

_mfa() {
    local words=() word= head= rest=${COMP_LINE#*"${COMP_WORDS[0]}"} token gap candidate i
    # bash splits words at = : @ too: what has no blank before it belongs to the word before
    for ((i = 1; i <= COMP_CWORD; i++)); do
        token=${COMP_WORDS[i]}
        gap=${rest%%"$token"*}
        rest=${rest#"$gap$token"}
        if ((i == 1)); then
            word=$token
        elif [[ -n $token && -z $gap ]]; then
            word+=$token
        else
            words+=("$word")
            word=$token
        fi
    done
    # of the word at the cursor bash replaces the last part alone, and has taken its quotes off
    if [[ $word == *"$2" && $word != [\'\"]* ]]; then head=${word%"$2"}; else word=$2; fi
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [[ $candidate == $'\tfiles' ]]; then
            compopt -o default -o bashdefault 2>/dev/null ||
                while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "$2")
            return
        fi
        candidate=${candidate%%$'\t'*}
        candidate=${candidate#"$head"}
        # the name of a profile may hold blanks
        if [[ $word != [\'\"]* && $candidate == *[[:blank:]\'\"\\\$\`]* ]]; then printf -v candidate %q "$candidate"; fi
        COMPREPLY+=("$candidate")
    done < <(command mfa __complete --word="$word" -- ${words[@]+"${words[@]}"} 2>/dev/null)
}

complete -o nosort -F _mfa mfa 2>/dev/null || complete -F _mfa mfa
