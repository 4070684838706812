using Microsoft.Extensions.Options;

namespace AgentWorkflows.Server.Hosting;

/// <summary>The program cannot start for a reason its user can do something about; the message is shown as it is, without a stack trace.</summary>
internal class StartupException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What the checks at start have found, one problem a line; <c>null</c> for any other exception.</summary>
    public static StartupException? OfSetup(Exception exception)
    {
        var failures = exception switch
        {
            OptionsValidationException one => [.. one.Failures],
            AggregateException all when all.InnerExceptions.All(inner => inner is OptionsValidationException) =>
                all.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures).Distinct().ToList(),
            _ => new List<string>(),
        };
        return failures.Count == 0 ? null : new StartupException(
            string.Join(Environment.NewLine, ["The program is not set up well:", .. failures.Select(problem => "  " + problem)]), exception);
    }
}

/// <summary>Another process owns the data folder; the message names it.</summary>
internal sealed class DataFolderInUseException(string message, Exception? innerException = null) : StartupException(message, innerException);
