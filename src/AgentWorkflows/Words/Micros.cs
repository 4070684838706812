using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentWorkflows.Words;

/// <summary>
/// An amount of money in whole micro-USD: 1 USD is 1,000,000. Exact; arithmetic that leaves 64 bits throws <see cref="OverflowException"/>. In JSON, in stores and as text
/// it is the plain integer. A whole number stands for as many micro-USD wherever an amount is wanted.
/// </summary>
[JsonConverter(typeof(MicrosConverter))]
public readonly record struct Micros(long Value) : IComparable<Micros>, IComparable, IFormattable
{
    private const decimal PerUsd = 1_000_000m;
    private const decimal MicroUsd = 0.000001m;

    public static Micros Zero => default;

    public static Micros MaxValue => new(long.MaxValue);

    /// <summary>In USD, exact.</summary>
    public decimal Usd => Value / PerUsd;

    /// <summary>The same with all six decimals written, as the API and webhooks send it: 0.500000.</summary>
    internal decimal UsdInFull => Value * MicroUsd;

    /// <summary>The amount in USD; what is below a micro-USD is cut off.</summary>
    /// <exception cref="OverflowException">More than fits.</exception>
    public static Micros OfUsd(decimal usd) => new((long)(usd * PerUsd));

    public static implicit operator Micros(long value) => new(value);

    public static Micros operator +(Micros left, Micros right) => new(checked(left.Value + right.Value));

    public static Micros operator -(Micros left, Micros right) => new(checked(left.Value - right.Value));

    public static Micros operator -(Micros amount) => new(checked(-amount.Value));

    public static Micros operator *(Micros amount, long times) => new(checked(amount.Value * times));

    public static Micros operator *(long times, Micros amount) => amount * times;

    public static bool operator <(Micros left, Micros right) => left.Value < right.Value;

    public static bool operator >(Micros left, Micros right) => left.Value > right.Value;

    public static bool operator <=(Micros left, Micros right) => left.Value <= right.Value;

    public static bool operator >=(Micros left, Micros right) => left.Value >= right.Value;

    public static Micros Min(Micros left, Micros right) => left < right ? left : right;

    public static Micros Max(Micros left, Micros right) => left > right ? left : right;

    public int CompareTo(Micros other) => Value.CompareTo(other.Value);

    public int CompareTo(object? obj) => obj is Micros other ? CompareTo(other) : 1;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);

    private sealed class MicrosConverter : JsonConverter<Micros>
    {
        public override Micros Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Micros value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }
}

/// <summary>Sums of amounts.</summary>
internal static class MicrosSum
{
    public static Micros Sum(this IEnumerable<Micros> amounts) => amounts.Sum(amount => amount);

    public static Micros Sum<T>(this IEnumerable<T> source, Func<T, Micros> amount)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(amount);
        return source.Aggregate(Micros.Zero, (sum, item) => sum + amount(item));
    }
}
