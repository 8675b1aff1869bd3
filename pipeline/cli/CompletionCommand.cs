using System.CommandLine;

namespace InfraCdktf.Pipeline.Cli;

/// <summary><c>completion</c>: prints the script with which a shell completes the words of this program.</summary>
public static class CompletionCommand
{
    // Each script gives the words after the program's name, up to the cursor, to the program itself ([suggest:POSITION], a
    // directive of System.CommandLine), so that a new command or option needs no new script.
    private static readonly Dictionary<string, string> _scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # Completion of infra for bash. Load it with: source <(./infra completion bash)
            _infra() {
              local line=${COMP_LINE:0:COMP_POINT} IFS=$'\n'
              line=${line#"${COMP_WORDS[0]}"}
              line=${line# }
              local found=$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
              COMPREPLY=($(compgen -W "$found" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _infra infra
            """,
        ["zsh"] = """
            # Completion of infra for zsh. Load it after compinit with: source <(./infra completion zsh)
            _infra() {
              local line="${(j: :)words[2,CURRENT]}"
              local -a found
              found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
              compadd -a found
            }
            compdef _infra infra
            """,
        ["fish"] = """
            # Completion of infra for fish. Load it with: ./infra completion fish | source
            function __infra
              set -l line (string replace -r '^\S+ ?' '' -- (commandline -cp))
              (commandline -po)[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c infra -f -a '(__infra)'
            """,
    };

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.CompletionSources.Add(_ => _scripts.Keys.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        shell.Validators.Add(result =>
        {
            foreach (var word in result.Tokens.Select(token => token.Value).Where(word => !_scripts.ContainsKey(word)))
                result.AddError(
                    $"SHELL: given {word}; allowed: {string.Join(", ", _scripts.Keys)}.{Suggestion.Sentence(word, _scripts.Keys)}"
                );
        });
        return context.Verb(
            "completion",
            "Print the script with which a shell completes the commands and options of ./infra.",
            [shell],
            (parsed, output, _) =>
            {
                var name = parsed.GetRequiredValue(shell);
                output.Line(_scripts[name]);
                output.Json(new { shell = name, script = _scripts[name] });
                return Task.FromResult(ExitCode.Done);
            }
        );
    }
}
