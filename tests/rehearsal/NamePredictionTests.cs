using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Terminal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>The table of names that people approved, against the forest as Cloud Sync left it after a whole rehearsal.</summary>
public sealed class NamePredictionTests
{
    [Theory]
    [InlineData(ConnectNaming.CloudId)]
    [InlineData(ConnectNaming.DisplayName)]
    public async Task Names_OfThePlan_AreThoseInTheForestAfterwards(ConnectNaming naming)
    {
        using var folder = new TempFolder();
        var world = new WorldOptions { Groups = 40, M365 = 6, Naming = naming, DeviatingNames = 4, DeviatingPlaces = 2 };
        var found = new Dictionary<string, (string Name, string Container, string Account)>();
        var written = new HashSet<Guid>();

        var result = await RehearsalRun.RunAsync(
            new RehearsalOptions { Story = new Story { World = world }, Output = folder.File("out") }, new QuietView(TextWriter.Null), TestContext.Current.CancellationToken,
            (host, _) => host.World.Store.Read(() =>
            {
                foreach (var o in host.World.Objects.Values.Where(o => o.ExternalDirectoryObjectId is not null))
                {
                    found[o.ObjectGuid.ToString("D")] = (DistinguishedName.Cn(o.DistinguishedName), DistinguishedName.Parent(o.DistinguishedName), o.SamAccountName);
                }

                written.UnionWith(host.World.Assignments.Values.Select(a => a.GroupId));
                return 0;
            }));

        Assert.Equal(ExitCode.Completed, result.ExitCode);
        var lines = (await File.ReadAllTextAsync(folder.File("out/assessment-names.csv"), TestContext.Current.CancellationToken)).Trim('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var rows = lines.Skip(1).Select(Cells).ToList();
        Assert.Equal((40, 6), (rows.Count, rows.Count(row => row[3] == "groupDn")));
        Assert.All(rows, row => Assert.Contains(Guid.Parse(row[0]), written));
        Assert.All(rows, row => Assert.Equal((row[5], row[7], row[9]), found[row[1]]));
    }

    /// <summary>Cells of a line as RFC 4180 has it; an apostrophe before what a spreadsheet would take for a formula is the table's own.</summary>
    static List<string> Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        for (var at = 0; at < line.Length; at++)
        {
            switch (line[at])
            {
                case '"' when quoted && at + 1 < line.Length && line[at + 1] == '"':
                    cell.Append('"');
                    at++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    cells.Add(cell.ToString());
                    cell.Clear();
                    break;
                default:
                    cell.Append(line[at]);
                    break;
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
