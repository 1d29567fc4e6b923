using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GwbCloud.Contracts.Json;

/// <summary>The one byte form of a JSON value (RFC 8785), for hashes and nonces that both halves compute on their own.</summary>
/// <remarks>
/// Takes a <see cref="JsonElement"/>, a <see cref="JsonNode"/> or any value that <see cref="ContractJson.Options"/> can write.
/// Throws <see cref="ContractException"/> with GWB7001 to GWB7005 for what has no canonical form. Stricter than the RFC in one point:
/// a whole number that a double cannot hold is refused instead of rounded, so that two different counters never have one hash.
/// </remarks>
public static class CanonicalJson
{
    private const int MaxDepth = 64;

    private static readonly Lazy<JsonSerializerOptions> StrictOptions = new(() =>
    {
        // The serializer would write a lone surrogate as U+FFFD, and two different texts would have one hash.
        var options = new JsonSerializerOptions(ContractJson.Options) { NumberHandling = JsonNumberHandling.Strict };
        options.Converters.Insert(0, new StrictTextConverter());
        return options;
    });

    private static readonly JsonDocumentOptions StrictDocument = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>The canonical bytes (UTF-8) of a value.</summary>
    public static byte[] Serialize<T>(T value)
    {
        var element = value switch
        {
            JsonElement given => given,
            JsonNode node => FromNode(node),
            _ => FromValue(value),
        };

        var output = new ArrayBufferWriter<byte>(256);
        Write(element, output, 0);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The canonical form of a value as text.</summary>
    public static string SerializeToText<T>(T value) => Encoding.UTF8.GetString(Serialize(value));

    /// <summary>SHA-256 over the canonical bytes, 64 lower-case hexadecimal digits.</summary>
    public static string Hash<T>(T value) => Convert.ToHexStringLower(SHA256.HashData(Serialize(value)));

    /// <summary>Reads JSON strictly (UTF-8, no duplicates, no comments, at most 64 levels); the caller owns the document.</summary>
    /// <exception cref="ContractException">GWB7001, GWB7002 or GWB7004.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        if (!System.Text.Unicode.Utf8.IsValid(utf8.Span))
        {
            throw ContractError.TextNotUnicode.Exception();
        }

        try
        {
            return JsonDocument.Parse(utf8, StrictDocument);
        }
        catch (JsonException refused)
        {
            // The parser has one exception for both; a text that parses without the rule can only have broken the rule.
            throw (IsJson(utf8) ? ContractError.DuplicateMember : ContractError.NotJson).Exception(inner: refused);
        }
        catch (InvalidOperationException refused)
        {
            // A member's name with half of a surrogate pair, met while comparing names.
            throw ContractError.TextNotUnicode.Exception(inner: refused);
        }
    }

    private static bool IsJson(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonElement FromValue<T>(T value)
    {
        try
        {
            return JsonSerializer.SerializeToElement(value, StrictOptions.Value);
        }
        catch (ArgumentException refused)
        {
            // The writer's word for NaN and the infinities.
            throw ContractError.NumberNotExact.Exception(inner: refused);
        }
        catch (JsonException refused)
        {
            throw ContractError.TooDeep.Exception(inner: refused);
        }
    }

    private static JsonElement FromNode(JsonNode node)
    {
        CheckText(node, 0);
        try
        {
            return JsonSerializer.SerializeToElement(node);
        }
        catch (ArgumentException refused)
        {
            throw ContractError.NumberNotExact.Exception(inner: refused);
        }
    }

    private static void CheckText(JsonNode? node, int depth)
    {
        if (depth > MaxDepth)
        {
            throw ContractError.TooDeep.Exception();
        }

        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in MembersOf(members))
                {
                    StrictTextConverter.Check(name);
                    CheckText(value, depth + 1);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    CheckText(item, depth + 1);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                StrictTextConverter.Check(TextOf(value));
                break;
            default:
                break;
        }
    }

    private static KeyValuePair<string, JsonNode?>[] MembersOf(JsonObject members)
    {
        try
        {
            return [.. members];
        }
        catch (ArgumentException refused)
        {
            // A node made from text is read lazily, and finds its duplicates now.
            throw ContractError.DuplicateMember.Exception(inner: refused);
        }
        catch (InvalidOperationException refused)
        {
            throw ContractError.TextNotUnicode.Exception(inner: refused);
        }
    }

    private static string TextOf(JsonValue value)
    {
        try
        {
            return value.TryGetValue<string>(out var text) ? text : string.Empty;
        }
        catch (InvalidOperationException refused)
        {
            throw ContractError.TextNotUnicode.Exception(inner: refused);
        }
    }

    private static void Write(JsonElement element, ArrayBufferWriter<byte> output, int depth)
    {
        if (depth > MaxDepth)
        {
            throw ContractError.TooDeep.Exception();
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, output, depth);
                break;
            case JsonValueKind.Array:
                WriteArray(element, output, depth);
                break;
            case JsonValueKind.String:
                WriteText(TextOf(element), output);
                break;
            case JsonValueKind.Number:
                output.Write(Encoding.ASCII.GetBytes(NumberOf(element)));
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            default:
                throw ContractError.NotJson.Exception("no value");
        }
    }

    private static void WriteObject(JsonElement element, ArrayBufferWriter<byte> output, int depth)
    {
        var members = new List<(string Name, JsonElement Value)>();
        foreach (var member in element.EnumerateObject())
        {
            members.Add((NameOf(member), member.Value));
        }

        // Ordinal comparison of .NET strings is comparison by UTF-16 code units, as RFC 8785 3.2.3 demands.
        members.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));

        output.Write("{"u8);
        for (var index = 0; index < members.Count; index++)
        {
            if (index > 0)
            {
                if (string.Equals(members[index - 1].Name, members[index].Name, StringComparison.Ordinal))
                {
                    throw ContractError.DuplicateMember.Exception();
                }

                output.Write(","u8);
            }

            WriteText(members[index].Name, output);
            output.Write(":"u8);
            Write(members[index].Value, output, depth + 1);
        }

        output.Write("}"u8);
    }

    private static void WriteArray(JsonElement element, ArrayBufferWriter<byte> output, int depth)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in element.EnumerateArray())
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            Write(item, output, depth + 1);
        }

        output.Write("]"u8);
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException refused)
        {
            throw ContractError.TextNotUnicode.Exception(inner: refused);
        }
    }

    private static string TextOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException refused)
        {
            throw ContractError.TextNotUnicode.Exception(inner: refused);
        }
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        StrictTextConverter.Check(text);

        var escaped = new StringBuilder(text.Length + 2).Append('"');
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\b' => escaped.Append("\\b"),
                '\f' => escaped.Append("\\f"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => escaped.Append(unit),
            };
        }

        output.Write(Encoding.UTF8.GetBytes(escaped.Append('"').ToString()));
    }

    private static string NumberOf(JsonElement element)
    {
        var written = element.GetRawText();
        var number = double.Parse(written, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
        {
            throw ContractError.NumberNotExact.Exception();
        }

        var canonical = Format(number);
        var whole = written.AsSpan().IndexOfAny(".eE") < 0;
        if (whole && Math.Abs(number) > MaxSafeInteger
            && BigInteger.Parse(written, CultureInfo.InvariantCulture)
                != BigInteger.Parse(canonical, NumberStyles.Float, CultureInfo.InvariantCulture))
        {
            throw ContractError.NumberNotExact.Exception();
        }

        return canonical;
    }

    // 2^53 - 1: up to here every whole number is a double of its own.
    private const double MaxSafeInteger = 9007199254740991;

    /// <summary>Number::toString of ECMAScript (RFC 8785 3.2.2.3): the shortest digits, laid out by the size of the exponent.</summary>
    internal static string Format(double number)
    {
        if (number == 0)
        {
            // Also minus zero.
            return "0";
        }

        // "E16" rounds; "R" gives the shortest digits that read back as the same number, in one of two layouts.
        var shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var integral = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        var leading = all.Length - all.TrimStart('0').Length;

        // The value is 0.digits times ten to the power of n, in the words of the ECMAScript standard.
        var digits = all.Trim('0');
        var n = integral - leading + exponent;
        var k = digits.Length;

        var text = n switch
        {
            _ when k <= n && n <= 21 => digits + new string('0', n - k),
            > 0 and <= 21 => $"{digits[..n]}.{digits[n..]}",
            > -6 and <= 0 => $"0.{new string('0', -n)}{digits}",
            _ => (k == 1 ? digits : $"{digits[0]}.{digits[1..]}")
                + (n > 0 ? "e+" : "e-")
                + Math.Abs(n - 1).ToString(CultureInfo.InvariantCulture),
        };

        return number < 0 ? "-" + text : text;
    }

    private sealed class StrictTextConverter : JsonConverter<string>
    {
        public static void Check(string text)
        {
            for (var index = 0; index < text.Length; index++)
            {
                if (!char.IsSurrogate(text[index]))
                {
                    continue;
                }

                if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
                {
                    throw ContractError.TextNotUnicode.Exception();
                }

                index++;
            }
        }

        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            Check(value);
            writer.WriteStringValue(value);
        }

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString()!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            Check(value);
            writer.WritePropertyName(value);
        }
    }
}
