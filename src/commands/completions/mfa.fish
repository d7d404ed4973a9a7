# Completion of mfa for fish.

function __mfa_complete
    set -l before (commandline --current-process --tokenize --cut-at-cursor)
    set -l word (commandline --current-token --cut-at-cursor)
    set -l found (command mfa __complete --word="$word" -- $before[2..] 2>/dev/null)
    if string match --quiet \tfiles -- $found
        set -l option (string match --regex -- '^--[^=]*=' $word; or echo '')
        printf '%s\n' $option(__fish_complete_path (string replace --regex -- '^--[^=]*=' '' $word))
    else if set --query found[1]
        printf '%s\n' $found
    end
end

complete --command mfa --no-files --keep-order --arguments '(__mfa_complete)'
