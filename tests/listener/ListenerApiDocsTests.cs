using System.Net;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.Tests.Listener;

/// <summary>docs/listener-api.md has every route, and every code of a refused envelope with its status.</summary>
public sealed class ListenerApiDocsTests
{
    /// <summary>What only an answer to the cloud half or evidence can be.</summary>
    static readonly ErrorEntry[] NotOfACommand = [ContractError.ResultOfOtherCommand];

    [Fact]
    public void Routes_InTheDocs_AreThoseOfTheCode() =>
        Assert.Equal(ListenerApi.Routes, Docs().Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]));

    [Fact]
    public async Task Routes_AreAnsweredAndNothingElseIs()
    {
        await using var listener = await TestListener.StartAsync();
        var document = await listener.UploadAsync("x", "entry");
        await listener.RunAsync(new InspectServer(), "job");
        using var http = new HttpClient();

        foreach (string route in ListenerApi.Routes)
        {
            Assert.NotEqual(HttpStatusCode.NotFound, await SendAsync(route));
            string other = route.StartsWith("GET", StringComparison.Ordinal) ? "DELETE" : "PATCH";
            Assert.Equal(HttpStatusCode.NotFound, await SendAsync($"{other} {route.Split(' ')[1]}"));
            Assert.Equal(HttpStatusCode.NotFound, await SendAsync($"{route}/more/and/more"));
        }

        async Task<HttpStatusCode> SendAsync(string route)
        {
            string path = route.Split(' ')[1].Replace("{id}", "job", StringComparison.Ordinal).Replace("{sha256}", document.Sha256, StringComparison.Ordinal)
                .Replace("{part}", "0", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new(route.Split(' ')[0]), new Uri(listener.Address, path));
            using var response = await http.SendAsync(request, listener.Cancellation);
            return response.StatusCode;
        }
    }

    [Fact]
    public void Refusals_InTheDocs_HaveTheStatusThatTheCodeGivesThem()
    {
        var table = Docs().Where(line => line.Length > 5 && line[..2] == "| " && char.IsDigit(line[2])).Select(line => line.Split('|'))
            .SelectMany(row => row[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(code => (Code: code, Status: int.Parse(row[1], null))))
            .ToDictionary(row => row.Code, row => row.Status);

        var envelopes = ContractError.All.Where(entry => entry.Code.StartsWith("GWB72", StringComparison.Ordinal)).Except(NotOfACommand).ToList();
        foreach (var entry in envelopes)
        {
            int expected = entry == ContractError.CommandConflict ? 409 : entry == ContractError.ReplayWindowFull ? 503 : ListenerApi.StatusOf(entry.Because());
            Assert.Equal((entry.Code, expected), (entry.Code, table[entry.Code]));
        }
        Assert.Equal(["GWB6002", "GWB6003", "GWB6004", "GWB6012", "GWB6013", "GWB6014"], table.Keys.Except(envelopes.Select(entry => entry.Code)).Order(StringComparer.Ordinal));
    }

    static string[] Docs()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "listener-api.md"));
    }
}
