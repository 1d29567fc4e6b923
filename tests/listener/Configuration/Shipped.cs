namespace GwbCloud.Tests.Listener.Configuration;

/// <summary>Files that are shipped with the listener, and its page.</summary>
static class Shipped
{
    public static string Example => Read("relay-listener", "listener.example.json");

    public static string Schema => Read("relay-listener", "listener.schema.json");

    static string Page => Read("docs", "listener.md");

    /// <summary>The lines of the table of the page whose head begins so.</summary>
    public static IEnumerable<string> Rows(string head) =>
        Page.Split('\n').SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'));

    static string Read(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return File.ReadAllText(Path.Combine([folder.FullName, .. path]));
    }
}
