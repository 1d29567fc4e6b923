using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener;

/// <summary>docs/errors.md has every error of the listener, word for word.</summary>
public sealed class ErrorDocsTests
{
    [Fact]
    public void Errors_OfTheListener_AreInTheDocsWordForWord()
    {
        var expected = JobError.All.Concat(DirectoryError.All).Concat(AdSyncError.All).Concat(SwitchError.All).Concat(RelayError.All).Concat(ServiceError.All)
            .OrderBy(e => e.Code, StringComparer.Ordinal)
            .Select(e => $"| {e.Code} | {e.Message} | {e.Cause} | {e.Remedy} |");

        Assert.Equal(expected, Docs().Where(line => line.StartsWith("| GWB6", StringComparison.Ordinal)));
    }

    static string[] Docs()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "errors.md"));
    }
}
