using System.Globalization;

namespace AgentWorkflows.Sqlite;

/// <summary>The file was written by a newer version of the program; nothing was changed.</summary>
internal sealed class NewerDatabaseException(string path, long found, long known)
    : Exception($"'{path}' has schema version {found}, but this program knows only up to {known}. Use the newer program, or another data folder.");

/// <summary>Numbered SQL files, embedded; each runs once, in order, in a transaction. <c>user_version</c> is the number of the last one.</summary>
internal static class Migrations
{
    public static void Apply(SqlConnection connection, string path)
    {
        var found = Require(connection, path);
        foreach (var (number, sql) in All().Where(migration => migration.Number > found))
        {
            connection.ExecuteScript(string.Create(CultureInfo.InvariantCulture, $"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;"));
        }
    }

    /// <returns>The number of the last migration that was applied.</returns>
    /// <exception cref="NewerDatabaseException">This program does not know that migration.</exception>
    public static long Require(SqlConnection connection, string path)
    {
        var known = All()[^1].Number;
        var found = connection.QuerySingle("PRAGMA user_version", reader => reader.GetInt64(0));
        return found <= known ? found : throw new NewerDatabaseException(path, found, known);
    }

    private static List<(long Number, string Sql)> All()
    {
        var assembly = typeof(Migrations).Assembly;
        const string marker = ".Migrations.";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(marker, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                var file = name[(name.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..];
                return (long.Parse(file[..4], CultureInfo.InvariantCulture), reader.ReadToEnd());
            })
            .OrderBy(migration => migration.Item1)];
    }
}
