namespace AgentWorkflows.Server.Hosting;

/// <summary>The program cannot start for a reason its user can do something about; the message is shown as it is, without a stack trace.</summary>
internal class StartupException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Another process owns the data folder; the message names it.</summary>
internal sealed class DataFolderInUseException(string message, Exception? innerException = null) : StartupException(message, innerException);
