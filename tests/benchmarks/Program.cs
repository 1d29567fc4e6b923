using System.CommandLine;
using System.Globalization;
using GwbCloud.Benchmarks.Listening;
using GwbCloud.Benchmarks.Measuring;

// One command, one table: dotnet run -c Release --project tests/benchmarks
var sizes = new Option<int[]>("--sizes")
{
    Description = "Groups in the writeback OU, one size after the other.",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1_000, 5_000],
};
var longRun = new Option<bool>("--long") { Description = "50,000 groups as well; takes some ten minutes more." };
var rounds = new Option<int>("--rounds") { Description = "Times that every contender runs at every size; the medians count.", DefaultValueFactory = _ => 3 };
var flush = new Option<Flushing>("--flush") { Description = "Whether the domain controller flushes each write to the disk.", DefaultValueFactory = _ => Flushing.Both };
var fresh = new Option<int>("--fresh") { Description = "Groups for the contender that connects anew for each.", DefaultValueFactory = _ => 200 };
var pages = new Option<bool>("--pages") { Description = "Measures the pages instead: time to content in Chromium, beside static copies of the same bytes." };
var pageGroups = new Option<int>("--page-groups") { Description = "Groups of the migration whose pages are measured.", DefaultValueFactory = _ => 20_000 };
var root = new RootCommand("Stamping beside other ways to write the same values, on the same domain controller.") { sizes, longRun, rounds, flush, fresh, pages, pageGroups };
root.SetAction(async (arguments, stop) =>
{
    if (arguments.GetValue(pages)) { return await PagesBenchmark.RunAsync(arguments.GetValue(pageGroups), 3 * arguments.GetValue(rounds), Console.Out, stop); }
    int[] chosen = [.. arguments.GetValue(sizes)!, .. arguments.GetValue(longRun) ? [50_000] : Array.Empty<int>()];
    return await StampingBenchmark.RunAsync(
        new()
        {
            Sizes = [.. chosen.Order()],
            Rounds = arguments.GetValue(rounds),
            Flushing = arguments.GetValue(flush),
            FreshConnections = arguments.GetValue(fresh),
        },
        Console.Out, stop);
});

var listen = new Command("listen", "A listener that the measurements and the tests start and kill; settings on standard input.") { Hidden = true };
listen.SetAction((_, _) => ListenerChild.RunAsync());
root.Add(listen);

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await root.Parse(args).InvokeAsync();
