using GwbCloud.Contracts.Evidence;
using GwbCloud.Functions.Approvals;

namespace GwbCloud.Tests.Functions.Approvals;

public sealed class EvidenceComparerTests
{
    [Fact]
    public void Compare_FactsThatDiffer_NamesEachWithItsPlace()
    {
        var before = Part("cloud", new { job = "a", checks = new { paused = true, schema = true }, problems = new List<string>() });
        var after = Part("cloud", new { job = "a", checks = new { paused = false, schema = true }, problems = new List<string> { "cloud: paused" } });

        var changes = EvidenceComparer.Compare([before], [after]);

        Assert.Equal(["checks.paused: true -> false", "problems.[cloud: paused]:  -> \"cloud: paused\""], changes.Select(Text));
    }

    [Fact]
    public void Compare_PartThatCameOrWent_IsOneChange()
    {
        var changes = EvidenceComparer.Compare([Part("server:A", new { a = 1 })], [Part("server:B", new { a = 1 })]);

        Assert.Equal([("server:A", "", true), ("server:B", "", false)], changes.Select(change => (change.Part, change.Path, change.After is null)));
    }

    [Fact]
    public void Compare_WhatIsTheSameInAnotherOrder_IsNoChange() =>
        Assert.Empty(EvidenceComparer.Compare([Part("a", new { x = 1, y = 2 }), Part("b", new { })], [Part("b", new { }), Part("a", new { y = 2, x = 1 })]));

    [Fact]
    public void Compare_MoreThanAnybodyReads_StopsAndCutsLongValues()
    {
        var after = Part("a", Enumerable.Range(0, 200).ToDictionary(number => $"n{number}{new string('n', 1_000)}", _ => new string('x', 1_000)));

        var changes = EvidenceComparer.Compare([Part("a", new { })], [after]);

        Assert.Equal(EvidenceComparer.Most, changes.Count);
        Assert.All(changes, change => Assert.InRange(change.After!.Length, 1, 201));
        Assert.All(changes, change => Assert.InRange(change.Path.Length, 1, 201));
    }

    static string Text(EvidenceChange change) => $"{change.Path}: {change.Before} -> {change.After}";

    static EvidencePart Part<T>(string name, T facts) => EvidencePart.Of(name, null, DateTimeOffset.UnixEpoch, facts);
}
