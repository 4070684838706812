using System.ComponentModel;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using AgentWorkflows.TestSupport;

namespace AgentWorkflows.Functions.Tests.Published;

/// <summary>What the published durable extension reads of host.json, by the properties of its own options.</summary>
internal sealed class ExtensionOptions
{
    private const string Extension = "Microsoft.Azure.WebJobs.Extensions.DurableTask";

    private readonly Assembly _assembly;

    private ExtensionOptions(Assembly assembly) => _assembly = assembly;

    public static ExtensionOptions Load()
    {
        var folder = Path.Combine(PublishedApp.Folder, ".azurefunctions");
        // Of its own: the extension brings other versions of what this process has.
        var context = new AssemblyLoadContext(Extension);
        context.Resolving += (own, name) => Path.Combine(folder, name.Name + ".dll") is var file && File.Exists(file) ? own.LoadFromAssemblyPath(file) : null;
        return new ExtensionOptions(context.LoadFromAssemblyPath(Path.Combine(folder, Extension + ".dll")));
    }

    /// <returns>Each key that the extension does not have and each value that it cannot read, with its place.</returns>
    public IReadOnlyList<string> ProblemsOf(JsonElement durableTask) =>
        [.. Compare("extensions.durableTask", durableTask, Type("DurableTaskOptions"))];

    private IEnumerable<string> Compare(string place, JsonElement given, Type options)
    {
        foreach (var entry in given.EnumerateObject())
        {
            var at = $"{place}.{entry.Name}";
            var property = options.GetProperty(entry.Name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (property is null)
            {
                yield return $"{at}: {options.Name} has no such option.";
            }
            else if (entry.NameEquals("storageProvider"))
            {
                // A bag whose type decides what the rest means.
                var rest = JsonSerializer.SerializeToElement(entry.Value.EnumerateObject().Where(key => !key.NameEquals("type")).ToDictionary(key => key.Name, key => key.Value));
                foreach (var problem in Compare(at, rest, Type("AzureStorageOptions")))
                {
                    yield return problem;
                }
            }
            else if (entry.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var problem in Compare(at, entry.Value, property.PropertyType))
                {
                    yield return problem;
                }
            }
            else if (!CanRead(property.PropertyType, entry.Value.ToString()))
            {
                yield return $"{at}: '{entry.Value}' is no {property.PropertyType.Name}.";
            }
        }
    }

    private static bool CanRead(Type type, string text)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        return value.IsEnum ? Enum.GetNames(value).Contains(text, StringComparer.OrdinalIgnoreCase) : TypeDescriptor.GetConverter(value).IsValid(text);
    }

    private Type Type(string name) => _assembly.GetType($"{Extension}.{name}", throwOnError: true)!;
}
