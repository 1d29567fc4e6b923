using System.Text.Json;
using System.Text.Json.Serialization;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>JSON between this process and a script.</summary>
static class ScriptJson
{
    /// <summary>
    /// The default encoder writes everything beyond ASCII as \u: what PowerShell's input encoding is, which depends on the machine's code
    /// page, then makes no difference.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Converters = { new JsonStringEnumConverter() },
    };
}
