using System.CommandLine;
using System.Globalization;

namespace AgentWorkflows.Server.Cli;

/// <summary>Options whose wrong values are told with what is allowed.</summary>
internal static class Options
{
    public static Option<int> WholeNumber(string name, string description, int least, int most, int? otherwise = null)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = "N",
            Required = otherwise is null,
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                {
                    return value;
                }
                result.AddError(most == int.MaxValue
                    ? $"{name}: '{result.Tokens[0].Value}' is not a whole number from {least} on."
                    : $"{name}: '{result.Tokens[0].Value}' is not a whole number from {least} to {most}.");
                return default;
            },
        };
        if (otherwise is { } value)
        {
            option.DefaultValueFactory = _ => value;
        }
        return option;
    }

    public static Option<T?> Choice<T>(string name, string description, string helpName)
        where T : struct, Enum
    {
        var option = new Option<T?>(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                if (char.IsAsciiLetter(result.Tokens[0].Value.FirstOrDefault()) && Enum.TryParse<T>(result.Tokens[0].Value, ignoreCase: true, out var value))
                {
                    return value;
                }
                result.AddError($"{name}: '{result.Tokens[0].Value}' is not one of {string.Join(", ", Enum.GetNames<T>())}.");
                return null;
            },
        };
        option.CompletionSources.Add(Enum.GetNames<T>());
        return option;
    }
}
