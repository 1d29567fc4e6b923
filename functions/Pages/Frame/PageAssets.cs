using System.Security.Cryptography;

namespace GwbCloud.Functions.Pages;

/// <summary>Style, script and icon of the pages, each under a name with the hash of its content: a name never means something else.</summary>
public static class PageAssets
{
    static readonly Dictionary<string, PageAsset> ByName = new[]
    {
        Read("site.css", "text/css; charset=utf-8"), Read("site.js", "text/javascript; charset=utf-8"), Read("icon.svg", "image/svg+xml"),
    }.ToDictionary(asset => asset.Name, StringComparer.Ordinal);

    public static string Style { get; } = PathOf("site.css");

    public static string Script { get; } = PathOf("site.js");

    public static string Icon { get; } = PathOf("icon.svg");

    /// <summary>The asset of a name with its hash, or null.</summary>
    public static PageAsset? Find(string name) => ByName.GetValueOrDefault(name);

    static string PathOf(string file) => $"{PagePaths.Home}/assets/{ByName.Values.Single(asset => asset.File == file).Name}";

    static PageAsset Read(string file, string type)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"pages/{file}")
            ?? throw new InvalidOperationException($"The assembly lacks {file}.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        var bytes = content.ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        return new(file, $"{Path.GetFileNameWithoutExtension(file)}.{hash}{Path.GetExtension(file)}", type, bytes);
    }
}

/// <param name="File">Its name in the source.</param>
/// <param name="Name">Its name with the hash.</param>
/// <param name="Type">Its content type.</param>
/// <param name="Content">Its bytes.</param>
public sealed record PageAsset(string File, string Name, string Type, ReadOnlyMemory<byte> Content);
