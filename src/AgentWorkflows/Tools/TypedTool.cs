using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;

namespace AgentWorkflows.Tools;

/// <summary>
/// A tool written against C# types. The argument schema comes from <typeparamref name="TArguments"/> (a record; <c>[Description]</c>, <c>[Range]</c>,
/// <c>[StringLength]</c>, <c>[MinLength]</c>, <c>[MaxLength]</c>, <c>[RegularExpression]</c> and <c>[AllowedValues]</c> on its properties reach the model; names
/// become snake_case). Non-nullable properties without a default are required.
/// </summary>
public abstract class TypedTool<TArguments, TOutput> : ITool
{
    /// <summary>A new object may serve each call, so the schema is made once for all of them.</summary>
    private static readonly Lazy<JsonElement> Schema = new(ToolJson.SchemaOf<TArguments>);

    /// <summary>Called what <see cref="ToolAttribute.Name"/> says, else as the class, in snake_case.</summary>
    protected TypedTool() => Name = ToolNames.Of(GetType());

    protected TypedTool(string name) => Name = name;

    public string Name { get; }

    public JsonElement ParametersSchema => Schema.Value;

    /// <summary>From <see cref="ToolAttribute"/> and <see cref="CompensatedByAttribute"/> on the class.</summary>
    public virtual ToolContract? Contract => DeclaredContract.Of(GetType(), Name, ParametersSchema);

    public async Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var arguments = invocation.Arguments.Deserialize<TArguments>(ToolJson.Options)
            ?? throw new JsonException("The arguments are null.");
        return await ExecuteAsync(arguments, invocation, cancellationToken);
    }

    protected abstract Task<ToolResult> ExecuteAsync(TArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken);

    protected static ToolResult Success(TOutput output) => new ToolResult.Success(JsonSerializer.SerializeToElement(output, ToolJson.Options));
}

/// <summary>How tools exchange JSON with models: snake_case, enums by snake_case name, no unknown members.</summary>
public static class ToolJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    public static JsonElement SchemaOf<T>() => SchemaOf(typeof(T));

    public static JsonElement SchemaOf(Type type) => JsonSerializer.SerializeToElement(SchemaNodeOf(type));

    /// <summary>What a method or function returned as a result; one that returns nothing has said that it is done.</summary>
    internal static ToolResult ResultOf(object? value, JsonSerializerOptions options) => value switch
    {
        ToolResult result => result,
        null => new ToolResult.Success(JsonSerializer.SerializeToElement(new { done = true })),
        _ => new ToolResult.Success(JsonSerializer.SerializeToElement(value, value.GetType(), options)),
    };

    internal static JsonNode SchemaNodeOf(Type type) => Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) => Describe(context, node),
    });

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
        {
            return node;
        }
        var attributes = (ICustomAttributeProvider?)context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
        if (attributes.GetCustomAttributes(typeof(DescriptionAttribute), true) is [DescriptionAttribute description, ..])
        {
            schema["description"] = description.Description;
        }
        ArgumentConstraints.Describe(attributes, schema);
        if (schema.ContainsKey("properties") && !schema.ContainsKey("additionalProperties"))
        {
            schema["additionalProperties"] = false;
        }
        return schema;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
