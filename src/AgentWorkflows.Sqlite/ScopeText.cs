using AgentWorkflows.Costs;

namespace AgentWorkflows.Sqlite;

/// <summary>An entry's scopes in one column, one a line. A scope holds what users sent, so its own line ends are escaped: they must not name another scope.</summary>
internal static class ScopeText
{
    private const char Separator = '\n';

    public static string Join(IReadOnlyList<CostCap> caps) => string.Join(Separator, caps.Select(cap => Escape(cap.Scope)));

    public static string[] Split(string text) => text.Length == 0 ? [] : Array.ConvertAll(text.Split(Separator), Unescape);

    private static string Escape(string scope) =>
        scope.Replace("%", "%25", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Unescape(string scope) =>
        scope.Replace("%0A", "\n", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
