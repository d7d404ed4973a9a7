# Completion of mfa for elvish.

use str

set edit:completion:arg-completer[mfa] = {|@words|
    var lines = [(e:mfa __complete --word=$words[-1] -- (all $words[1..-1]) 2>/dev/null)]
    if (has-value $lines "\tfiles") {
        edit:complete-filename $words[-1]
    } else {
        for line $lines {
            var value text = (str:split &max=2 "\t" $line)
            edit:complex-candidate $value &display=(str:trim-space $value'  '$text)
        }
    }
}
