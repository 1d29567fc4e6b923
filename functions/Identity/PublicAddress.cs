using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Identity;

/// <summary>Where browsers reach the app.</summary>
public sealed class PublicAddress(IOptions<SignInOptions> options)
{
    /// <summary>Scheme, host and port, without a slash at the end; null when nobody said it, and a request of the outside is not believed.</summary>
    public string? Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return options.Value.Address is { Length: > 0 } configured ? new Uri(configured).GetLeftPart(UriPartial.Authority)
            : Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var asked) && asked.IsLoopback ? asked.GetLeftPart(UriPartial.Authority)
            : null;
    }

    /// <summary>A path of this app to come back to: nothing that a browser could read as another host.</summary>
    public static bool IsPath(string? path) =>
        path is { Length: > 0 and <= 300 } && path[0] == '/' && (path.Length == 1 || path[1] is not ('/' or '\\'))
        && !path.AsSpan().ContainsAnyExceptInRange('!', '~') && !path.AsSpan().ContainsAny('\\', '#');

    /// <summary>A path of this app with one more query value.</summary>
    public static string With(string path, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(path);
        return $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={Uri.EscapeDataString(value)}";
    }
}
