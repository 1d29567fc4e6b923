using GwbCloud.Benchmarks.Listening;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Stamping;

/// <summary>A writeback OU of its own on a controller, the cloud half, and a listener in a process of its own that works on that OU.</summary>
sealed class StampScene : IAsyncDisposable
{
    /// <summary>attributeID of msDS-ExternalDirectoryObjectId: the last arc of its OID behind the prefix of Active Directory's attributes.</summary>
    const uint AnchorAttribute = 0x0009_0000 + 2310;

    readonly SambaDc _dc;

    StampScene(SambaDc dc, string ou, CloudHalf halves) => (_dc, Ou, Halves) = (dc, ou, halves);

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public string Ou { get; }

    public CloudHalf Halves { get; }

    public DcTools Tools => _dc.Tools;

    public static async Task<StampScene> StartAsync(SambaDc dc, DcAccount? account = null)
    {
        string ou = await dc.Tools.AddOuAsync($"Writeback {Guid.NewGuid():N}");
        var scene = new StampScene(dc, ou, new(dc, ou, account));
        await scene.Halves.StartAsync(Stop);
        return scene;
    }

    /// <summary>The groups as a plan names them, in a document.</summary>
    public Task<DocumentReference> PlanAsync(IEnumerable<DcGroup> groups) => Halves.SaveAsync("groups", groups.Select(IdentityOf), Stop);

    public async Task<StampResult> StampAsync(DocumentReference plan) => await Halves.RunAsync(new StampAnchors { Groups = plan }, Stop);

    /// <summary>As the cloud half does after a fault: a transient error is followed by the same command under another id.</summary>
    public async Task<StampResult> StampAfterFaultAsync(DocumentReference plan)
    {
        for (int attempt = 0; ; attempt++)
        {
            var reply = await Halves.EndAsync(await Halves.SubmitAsync(new StampAnchors { Groups = plan }, Stop), Stop);
            if (reply.Error is not { Transient: true } || attempt == 2) { return CloudHalf.ResultOf<StampResult>(reply); }
        }
    }

    public async Task<UnstampResult> UnstampAsync(DocumentReference plan) => await Halves.RunAsync(new UnstampAnchors { Groups = plan }, Stop);

    /// <summary>The error of a command that must fail.</summary>
    public async Task<CommandError> FailAsync(Command command)
    {
        var reply = await Halves.EndAsync(await Halves.SubmitAsync(command, Stop), Stop);
        Assert.Equal(CommandState.Failed, reply.State);
        return reply.Error!;
    }

    /// <summary>The OU's groups by objectGUID: value of the anchor, and how often it was ever written, as the controller keeps count.</summary>
    public async Task<Dictionary<Guid, (string? Stamp, uint Writes)>> TruthAsync() =>
        (await Tools.SearchAsync(Ou, "(objectClass=group)", "objectGUID", "msDS-ExternalDirectoryObjectId", "replPropertyMetaData"))
            .ToDictionary(entry => entry.ObjectGuid, entry => (entry["msDS-ExternalDirectoryObjectId"], WritesOf(Convert.FromBase64String(entry.Binary("replPropertyMetaData")!))));

    /// <summary>How many of the OU's groups bear a stamp.</summary>
    public async Task<int> StampedAsync() => (await Tools.SearchAsync(Ou, "(&(objectClass=group)(msDS-ExternalDirectoryObjectId=*))", "dn")).Count;

    /// <summary>Waits until the listener says that so much is done.</summary>
    /// <returns>False when the command ended before.</returns>
    public async Task<bool> ReachedAsync(string command, int done)
    {
        while (true)
        {
            var reply = await Halves.PollAsync(command, Stop);
            if (reply.State is not (CommandState.Queued or CommandState.Running)) { return false; }
            if (reply.Progress is { } progress && progress.Done >= done) { return true; }
            await Task.Delay(5, Stop);
        }
    }

    public ValueTask DisposeAsync() => Halves.DisposeAsync();

    static GroupIdentity IdentityOf(DcGroup group) => new()
    {
        CloudId = Guid.Parse(group.Anchor!["Group_".Length..]),
        ObjectGuid = group.ObjectGuid,
        DistinguishedName = group.Dn,
        Anchor = group.Anchor,
    };

    /// <summary>The version of the attribute in replPropertyMetaData. Source: MS-DRSR 4.1.10.2.22 and MS-ADTS 3.1.1.1.9: each originating write adds one.</summary>
    static uint WritesOf(ReadOnlySpan<byte> metadata)
    {
        const int Header = 16, Entry = 48;
        for (int at = Header; at + Entry <= metadata.Length; at += Entry)
        {
            if (BitConverter.ToUInt32(metadata[at..]) == AnchorAttribute) { return BitConverter.ToUInt32(metadata[(at + 4)..]); }
        }
        return 0;
    }
}
