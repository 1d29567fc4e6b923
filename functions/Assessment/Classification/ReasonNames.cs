using System.Reflection;
using System.Text.Json;

namespace GwbCloud.Functions.Assessment;

/// <summary>Short names of the reasons of classes, for filters: <c>hasMail</c> for <see cref="ClassReason.HasMail"/>.</summary>
public static class ReasonNames
{
    /// <summary>The sentence of each name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = typeof(ClassReason)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .ToDictionary(field => JsonNamingPolicy.CamelCase.ConvertName(field.Name), field => (string)field.GetRawConstantValue()!, StringComparer.Ordinal);
}
