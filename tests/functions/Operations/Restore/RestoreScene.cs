using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Tests.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Operations.Restore;

/// <summary>A Recycle Bin with groups whose writeback is off; tests spoil one thing.</summary>
sealed class RestoreScene
{
    public const int KeptDays = 180;

    public static readonly DateTimeOffset DeletedAt = new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);

    public List<DeletedWritebackGroup> Deleted { get; } = [];

    public List<AdGroup> Living { get; } = [];

    public Dictionary<Guid, CloudGroupFacts> Cloud { get; } = [];

    public Dictionary<Guid, KnownSnapshot> Snapshots { get; } = [];

    public ServerSight Servers { get; set; } = new() { Version2 = true, Version1 = true };

    public bool RecycleBin { get; set; } = true;

    public RestoreSight Sight => new(Deleted, Living)
    {
        WritebackOu = Facts.Ou, RecycleBin = RecycleBin, KeptDays = KeptDays, Servers = Servers, Cloud = Cloud, Snapshots = Snapshots,
    };

    /// <summary>A group that was switched off and whose object was deleted.</summary>
    public DeletedWritebackGroup Delete(int number, Func<CloudGroupFacts, CloudGroupFacts>? cloud = null, Func<DeletedWritebackGroup, DeletedWritebackGroup>? deleted = null)
    {
        var id = Facts.Id(number);
        var group = Facts.Group(id) with { WritebackEnabled = false };
        Cloud[id] = cloud?.Invoke(group) ?? group;
        var gone = new DeletedWritebackGroup { Was = new() { Group = Facts.AdGroup(id), Members = [Guid.NewGuid(), Guid.NewGuid()] }, DeletedAt = DeletedAt };
        gone = deleted?.Invoke(gone) ?? gone;
        Deleted.Add(gone);
        return gone;
    }

    public RestoreFinding Judge(DeletedWritebackGroup deleted, params Guid[] named) => RestoreJudge.Judge(deleted, new() { Groups = named.Length == 0 ? null : named }, Sight);

    public RestorePlan Plan(RestoreThen then = RestoreThen.Nothing, params Guid[] named) => RestorePlanner.Plan(new() { Then = then, Groups = named.Length == 0 ? null : named }, Sight);
}
