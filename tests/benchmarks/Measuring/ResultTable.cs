using System.Globalization;

namespace GwbCloud.Benchmarks.Measuring;

/// <summary>Under which conditions a sample was taken.</summary>
/// <param name="Groups">Groups in the OU.</param>
/// <param name="Flush">The controller flushed each write to the disk.</param>
readonly record struct Setting(int Groups, bool Flush);

/// <summary>Medians of the samples, beside each other and beside their targets.</summary>
sealed class ResultTable
{
    const double WriteTarget = 0.95, WriteTargetFlushed = 0.8, WholeTarget = 0.7;
    const long MemoryTarget = 150_000_000;

    /// <summary>Time for each group may grow by so much from the smallest size to the largest.</summary>
    const double LinearTarget = 1.25;

    readonly List<Setting> _settings = [];
    readonly Dictionary<(Setting, Contender), List<Sample>> _samples = [];

    public void Add(Setting setting, Contender contender, Sample sample)
    {
        if (!_settings.Contains(setting)) { _settings.Add(setting); }
        if (!_samples.TryGetValue((setting, contender), out var samples)) { _samples.Add((setting, contender), samples = []); }
        samples.Add(sample);
    }

    /// <summary>Prints the table.</summary>
    /// <returns>True when every target is met.</returns>
    public async Task<bool> PrintAsync(TextWriter output)
    {
        bool met = true;
        await output.WriteLineAsync(Row("groups", "flush", "contender", "groups/s", "slowest", "fastest", "ratio", "target", "server", "client", "peak MB", ""));
        foreach (var setting in _settings)
        {
            double anchor = Median(setting, Contenders.LdapModify, sample => sample.PerSecond);
            foreach (var contender in Contenders.All)
            {
                var samples = _samples[(setting, contender)];
                double median = Median(setting, contender, sample => sample.PerSecond), ratio = median / anchor;
                double? target = TargetOf(contender, setting.Flush);
                long? peak = samples.Max(sample => sample.PeakBytes);
                bool passed = ratio >= (target ?? 0) && (peak ?? 0) < MemoryTarget;
                met &= passed;
                await output.WriteLineAsync(Row(
                    setting.Groups.ToString("N0", CultureInfo.InvariantCulture), setting.Flush ? "on" : "off", contender.Name, Number(median),
                    Number(samples.Min(sample => sample.PerSecond)), Number(samples.Max(sample => sample.PerSecond)), Ratio(ratio),
                    target is { } least ? $">= {Ratio(least)}" : "",
                    Number(Median(setting, contender, sample => sample.ServerSeconds * 1e6 / sample.Groups)),
                    Number(Median(setting, contender, sample => sample.ClientSeconds * 1e6 / sample.Groups)), peak is { } bytes ? Number(bytes / 1e6) : "",
                    target is null ? "" : passed ? "pass" : "MISSED"));
            }
        }
        await output.WriteLineAsync("server, client: processor time of the controller and of whoever writes, microseconds for each group");
        return await PrintLinearityAsync(output) && met;
    }

    async Task<bool> PrintLinearityAsync(TextWriter output)
    {
        bool met = true;
        foreach (var settings in _settings.GroupBy(setting => setting.Flush).Where(settings => settings.Count() > 1))
        {
            Setting small = settings.First(), large = settings.Last();
            // Beside ldapmodify at the same sizes: what the controller itself loses with size is not ours.
            double ours = Growth(Contenders.WholeCommand), theirs = Growth(Contenders.LdapModify);
            bool passed = ours / theirs <= LinearTarget;
            met &= passed;
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"time per group, {large.Groups:N0} beside {small.Groups:N0} groups, flush {(small.Flush ? "on" : "off")}: x {ours:0.00}, ldapmodify x {theirs:0.00}, target <= x {LinearTarget:0.00} of it: {(passed ? "pass" : "MISSED")}"));

            double Growth(Contender contender) => Median(small, contender, sample => sample.PerSecond) / Median(large, contender, sample => sample.PerSecond);
        }
        return met;
    }

    static double? TargetOf(Contender contender, bool flush) =>
        contender == Contenders.WritePhase ? flush ? WriteTargetFlushed : WriteTarget
        : contender == Contenders.WholeCommand ? WholeTarget
        : null;

    double Median(Setting setting, Contender contender, Func<Sample, double> value)
    {
        double[] sorted = [.. _samples[(setting, contender)].Select(value).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    static string Row(params string[] cells) =>
        $"{cells[0],7}  {cells[1],-5}  {cells[2],-30}  {cells[3],8}  {cells[4],8}  {cells[5],8}  {cells[6],5}  {cells[7],-7}  {cells[8],7}  {cells[9],7}  {cells[10],7}  {cells[11]}".TrimEnd();
}
