# Completion of mfa for PowerShell, 5.1 or newer. Where mfa has no candidate, PowerShell itself completes files.

Register-ArgumentCompleter -Native -CommandName mfa -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $program = Get-Command -Name mfa -CommandType Application | Select-Object -First 1
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    & $program __complete "--word=$wordToComplete" -- @before 2>$null |
        Where-Object { $_ -ne "`tfiles" } | ForEach-Object {
            $value, $text = $_ -split "`t", 2
            if (-not $text) { $text = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
        }
}
