using System.Globalization;

namespace AgentWorkflows.Engine.Storage;

/// <summary>Numbered SQL files, applied once each, in order, every one in its own transaction together with its number.</summary>
internal static class Migrations
{
    private const string Prefix = "AgentWorkflows.Engine.Storage.Migrations.";

    public static void Apply(SqliteDatabase database, string path)
    {
        var scripts = Scripts();
        var found = Require(database, path);
        for (var number = found + 1; number <= scripts.Count; number++)
        {
            database.Execute($"BEGIN IMMEDIATE; {scripts[number - 1]}; PRAGMA user_version = {number}; COMMIT;");
        }
    }

    /// <returns>The number of the last script that was applied.</returns>
    /// <exception cref="DatabaseVersionException">This version does not know that script.</exception>
    public static int Require(SqliteDatabase database, string path)
    {
        var (found, known) = (UserVersion(database), Scripts().Count);
        return found <= known ? found : throw new DatabaseVersionException(path, found, known);
    }

    private static int UserVersion(SqliteDatabase database)
    {
        var statement = database.Prepare("PRAGMA user_version");
        statement.Step();
        var version = (int)statement.Long(0);
        statement.Reset();
        return version;
    }

    private static List<string> Scripts()
    {
        var assembly = typeof(Migrations).Assembly;
        var scripts = new List<string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var number = int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture);
            if (number != scripts.Count + 1)
            {
                throw new InvalidOperationException($"Migration {scripts.Count + 1} is missing before '{name}'.");
            }
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add(reader.ReadToEnd());
        }
        return scripts;
    }
}
