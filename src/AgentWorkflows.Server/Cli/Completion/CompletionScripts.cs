namespace AgentWorkflows.Server.Cli.Completion;

/// <summary>Each asks <c>agentworkflows complete</c> for what fits at the cursor, so that it never goes stale.</summary>
internal static class CompletionScripts
{
    private const string Written = "agentworkflows";

    /// <param name="program">One word, as it stands on a command line; a path completes for the program's name too.</param>
    public static string Of(string shell, string program)
    {
        var script = shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            "pwsh" => Pwsh,
            _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "There is no completion for this shell."),
        };
        // A function's name has letters and digits only; everything else is the command.
        var function = "_" + string.Concat(program.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return script.Replace("_" + Written, "\0", StringComparison.Ordinal).Replace(Written, program, StringComparison.Ordinal).Replace("\0", function, StringComparison.Ordinal);
    }

    private const string Bash = """
        # agentworkflows: completion for bash. In ~/.bashrc: source <(agentworkflows completion bash)
        _agentworkflows() {
          local IFS=$'\n' words word="${COMP_WORDS[COMP_CWORD]}"
          words=$(agentworkflows complete --position "$COMP_POINT" -- "$COMP_LINE" 2>/dev/null | cut -f1)
          COMPREPLY=($(compgen -W "$words" -- ""))
          # bash splits words at colons, and ids have them: what stands before the last one is on the line already.
          local typed="${COMP_LINE:0:COMP_POINT}"; typed="${typed##* }"
          if [[ "$typed" == *:* ]]; then
            local prefix="${typed%"${typed##*:}"}" i
            for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]="${COMPREPLY[i]#"$prefix"}"; done
          fi
        }
        complete -o default -F _agentworkflows agentworkflows

        """;

    private const string Zsh = """
        #compdef agentworkflows
        # agentworkflows: completion for zsh. In ~/.zshrc, after compinit: source <(agentworkflows completion zsh)
        _agentworkflows() {
          local -a items
          local line
          while IFS=$'\t' read -r word text; do
            items+=("${word//:/\\:}:${text}")
          done < <(agentworkflows complete --position "$CURSOR" -- "$BUFFER" 2>/dev/null)
          if (( ${#items} )); then _describe 'agentworkflows' items; else _files; fi
        }
        compdef _agentworkflows agentworkflows

        """;

    private const string Fish = """
        # agentworkflows: completion for fish. In ~/.config/fish/config.fish: agentworkflows completion fish | source
        complete -c agentworkflows -f -a '(agentworkflows complete -- (commandline -cp) 2>/dev/null)'

        """;

    private const string Pwsh = """
        # agentworkflows: completion for PowerShell. In $PROFILE: agentworkflows completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName agentworkflows -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            agentworkflows complete --position $cursorPosition -- "$commandAst" 2>$null | ForEach-Object {
                $word, $text = $_ -split "`t", 2
                [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $(if ($text) { $text } else { $word }))
            }
        }

        """;
}
