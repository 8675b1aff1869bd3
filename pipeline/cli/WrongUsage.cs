using System.CommandLine;
using System.CommandLine.Parsing;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>
/// Says in one line what is wrong with a command line and where to read what is allowed. The library's own messages name neither
/// the close words nor the values that are missing.
/// </summary>
internal static class WrongUsage
{
    /// <summary>One line for all that is wrong.</summary>
    public static string Explain(IReadOnlyList<string> arguments, ParseResult parsed)
    {
        var result = parsed.CommandResult;
        var name = CommandLine.NameOf(result);
        var said = new List<string>();
        if (Switch(arguments, parsed) is { } wrong)
            return $"{wrong} {See($"{name} ")}";
        foreach (var word in parsed.UnmatchedTokens)
            said.Add(Unknown(word, result, name));
        var isGroup = result.Command.Subcommands.Count > 0;
        if (isGroup && said.Count == 0)
            said.Add($"{(result.Command is RootCommand ? "A command" : $"A command of \"{name}\"")} is missing.");
        if (isGroup)
        {
            said.Add($"The commands are {string.Join(", ", Verbs(result.Command))}.");
            return string.Join(' ', said.Append(See(result.Command is RootCommand ? "" : $"{name} ")));
        }
        var missing = parsed.Errors.Select(error => Missing(error, result.Command)).OfType<string>().Distinct().ToList();
        if (missing.Count > 0)
            said.Add($"\"{name}\" needs {string.Join(", ", missing)}.");
        // Messages of our own validators are complete sentences. The others, which the library makes, are said above.
        said.AddRange(
            parsed
                .Errors.Where(error => Missing(error, result.Command) is null && !IsUnmatched(error, parsed))
                .Select(error => error.Message)
                .Distinct()
        );
        return string.Join(' ', said.Append(See($"{name} ")));
    }

    /// <summary>
    /// What is wrong with a switch that got a value; null if nothing is. The library takes the value for an argument:
    /// <c>deploy --yes=core</c> would name a stack.
    /// </summary>
    public static string? Switch(IReadOnlyList<string> arguments, ParseResult parsed) =>
        (
            from word in arguments.TakeWhile(word => word != "--").Where(word => word.StartsWith('-') && word.Contains('='))
            let parts = word.Split('=', 2)
            from option in parsed.CommandResult.Command.Options
            where option.Name == parts[0] && option.ValueType == typeof(bool) && !bool.TryParse(parts[1], out _)
            select $"{option.Name}: given {parts[1]}; allowed: {option.Name} without a value."
        ).FirstOrDefault();

    /// <summary>A word that no command, option or argument takes.</summary>
    public static string Unknown(string word, CommandResult result, string name)
    {
        var command = result.Command;
        if (word.StartsWith('-'))
        {
            var options = command.Options.Where(one => !one.Hidden).Select(one => one.Name);
            return $"Unknown option {word}.{Suggestion.Sentence(word, options)}";
        }
        if (command.Subcommands.Count > 0)
            return $"Unknown command {word}.{Suggestion.Sentence(word, Verbs(command))}";
        return command.Arguments.Count == 0
            ? $"\"{name}\" takes no argument, but {word} was given."
            : $"\"{name}\" takes fewer arguments: {word} is one too many.";
    }

    private static IEnumerable<string> Verbs(Command command) =>
        command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name);

    private static string See(string name) => $"See \"{name}--help\".";

    // What is missing, as it is typed; null if the error is about something else.
    private static string? Missing(ParseError error, Command command) =>
        error.SymbolResult switch
        {
            OptionResult { Option: { Arity.MinimumNumberOfValues: > 0 } option, Tokens.Count: var given }
                when given < option.Arity.MinimumNumberOfValues => Typed(option),
            ArgumentResult { Argument: { Arity.MinimumNumberOfValues: > 0 } argument, Tokens.Count: 0 } => argument.Name,
            CommandResult => command
                .Options.Where(option => option.Required && error.Message.Contains($"'{option.Name}'", StringComparison.Ordinal))
                .Select(Typed)
                .FirstOrDefault(),
            _ => null,
        };

    private static string Typed(Option option) => option.HelpName is { } value ? $"{option.Name} {value}" : option.Name;

    private static bool IsUnmatched(ParseError error, ParseResult parsed) =>
        parsed.UnmatchedTokens.Any(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal));
}
