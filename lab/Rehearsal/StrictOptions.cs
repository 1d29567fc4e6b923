using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>Options that are read strictly: what makes no sense is refused in one line that names it.</summary>
static class StrictOptions
{
    public static Option<int?> Number(string name, string help, string description) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result =>
        {
            string typed = result.Tokens is [var token] ? token.Value : "";
            if (int.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)) { return value; }
            result.AddError(long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                ? $"{name} is out of all bounds: {Quoted.Of(typed)}."
                : $"{name} must be a whole number, not {Quoted.Of(typed)}.");
            return null;
        },
    };

    public static Option<string?> Text(string name, string help, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = help };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && string.IsNullOrWhiteSpace(value)) { result.AddError($"{name} must not be empty."); }
        });
        return option;
    }

    /// <summary>The value of an option for a port; 0 when it is left out.</summary>
    /// <exception cref="BadUsageException">There is no such port.</exception>
    public static int Port(ParseResult parsed, Option<int?> option)
    {
        int port = parsed.GetValue(option) ?? 0;
        return port is >= 0 and <= 65_535
            ? port
            : throw new BadUsageException($"{option.Name} must lie between 0 and 65,535, not {port.ToString(CultureInfo.InvariantCulture)}.");
    }

    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public static ParseResult Parse(Command command, IReadOnlyList<string> args)
    {
        var parsed = ParseAnyhow(command, args);
        // The parser skips what looks like a directive; here it can only be a typing error.
        if (parsed.Tokens.FirstOrDefault(t => t.Type == TokenType.Directive) is { } odd) { throw new BadUsageException($"Unrecognized argument {Quoted.Of(odd.Value)}."); }
        if (parsed.Errors is [var first, ..]) { throw new BadUsageException(OneLine(first.Message) + (parsed.UnmatchedTokens.Count > 0 ? " --help lists the options." : "")); }
        return parsed;
    }

    /// <summary>Parses without refusing anything.</summary>
    public static ParseResult ParseAnyhow(Command command, IReadOnlyList<string> args) =>
        // A verb is named first: the parser would take one that was typed twice for the name that it expects.
        command.Parse(command is RootCommand ? args : [command.Name, .. args], new ParserConfiguration { ResponseFileTokenReplacer = null });

    static string OneLine(string message) => string.Join(' ', message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
