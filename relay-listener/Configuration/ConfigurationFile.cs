using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.Configuration;

/// <summary>Reads <c>listener.json</c>: everything that is wrong in it is said at once, each with its path, before anything starts.</summary>
static class ConfigurationFile
{
    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="CommandFailedException">GWB6009: not there, or not as it must be. GWB6501: holds what looks like a secret.</exception>
    public static ListenerConfiguration Read(string file)
    {
        try
        {
            return Parse(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw JobError.ConfigurationInvalid.Exception($"{Path.GetFullPath(file)}: is not there; --config names another one", transient: false, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JobError.ConfigurationInvalid.Exception($"{file}: {e.Message}", transient: false, e);
        }
    }

    /// <summary>The same for the content of a file.</summary>
    public static ListenerConfiguration Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (Secrets.Find(document.RootElement).ToList() is { Count: > 0 } secrets)
            {
                throw ServiceError.SecretInConfiguration.Exception(string.Join("; ", secrets), transient: false);
            }
            // Structure first, as a whole: the deserializer would stop at the first fault.
            Refuse(Structure(document.RootElement, typeof(ListenerConfiguration), ""));
            var configuration = document.RootElement.Deserialize<ListenerConfiguration>(ContractJson.Options)!;
            Refuse(configuration.Validate());
            return configuration;
        }
        catch (JsonException e)
        {
            string wrong = e.Path is { Length: > 2 } at ? $"{at[2..]}: is not what belongs there" : $"line {(e.LineNumber ?? 0) + 1}: here or just before it is no JSON";
            throw JobError.ConfigurationInvalid.Exception(wrong, transient: false, e);
        }
    }

    static void Refuse(IEnumerable<string> wrong)
    {
        if (wrong.ToList() is { Count: > 0 } all) { throw JobError.ConfigurationInvalid.Exception(string.Join("; ", all), transient: false); }
    }

    static IEnumerable<string> Structure(JsonElement element, Type type, string path)
    {
        var contract = ContractJson.Options.GetTypeInfo(type);
        if (contract.Kind == JsonTypeInfoKind.Enumerable && element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().SelectMany((item, at) => Structure(item, contract.ElementType!, $"{path}[{at}]"));
        }
        if (contract.Kind != JsonTypeInfoKind.Object) { return Fits(element, contract) ? [] : [$"{path}: {Wanted(Nullable.GetUnderlyingType(type) ?? type)}"]; }
        // What may be null is told by the property, which the deserializer looks at.
        if (element.ValueKind == JsonValueKind.Null && path.Length > 0) { return []; }
        if (element.ValueKind != JsonValueKind.Object) { return [$"{(path.Length == 0 ? "the file" : path)}: is no object"]; }

        var wrong = new List<string>();
        var known = contract.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            string at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!known.TryGetValue(member.Name, out var property)) { wrong.Add($"{at}: is not known"); }
            else if (!seen.Add(member.Name)) { wrong.Add($"{at}: stands there twice"); }
            else { wrong.AddRange(Structure(member.Value, property.PropertyType, at)); }
        }
        wrong.AddRange(known.Values.Where(property => property.IsRequired && !seen.Contains(property.Name))
            .Select(property => $"{(path.Length == 0 ? property.Name : $"{path}.{property.Name}")}: is missing"));
        return wrong;
    }

    static bool Fits(JsonElement element, JsonTypeInfo contract)
    {
        try
        {
            element.Deserialize(contract);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static string Wanted(Type type) =>
        type.IsEnum ? $"is none of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}"
        : type == typeof(bool) ? "is neither true nor false"
        : type == typeof(int) || type == typeof(long) ? "is no whole number"
        : type == typeof(DateTimeOffset) ? "is no time such as 2026-12-31T00:00:00Z"
        : type == typeof(string) ? "is no text"
        : type == typeof(Uri) ? "is no address"
        : "is no list";
}
