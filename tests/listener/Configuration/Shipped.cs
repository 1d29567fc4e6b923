namespace GwbCloud.Tests.Listener.Configuration;

/// <summary>Files that are shipped with the listener, and its page.</summary>
static class Shipped
{
    public static string Example => Read("relay-listener", "listener.example.json");

    public static string Schema => Read("relay-listener", "listener.schema.json");

    public static string Page => Read("docs", "listener.md");

    static string Read(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return File.ReadAllText(Path.Combine([folder.FullName, .. path]));
    }
}
