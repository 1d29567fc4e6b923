using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;
using GwbCloud.Functions.Documents;
using GwbCloud.Tests.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class CheckRiskTests
{
    static readonly RiskCheck Check = new() { AssessmentId = "a-1", TaskId = "t-1", CloudId = Guid.NewGuid(), Server = "AADC1", WritebackOu = "OU=G,DC=x" };

    static readonly CommandReply Nobody = new() { State = CommandState.Queued, Unreachable = true };

    readonly List<RiskReading> _published = [];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_EntraAloneSettlesIt_AsksNoListener()
    {
        var context = Context(_ => Read(done: true));

        await CheckRiskOrchestrator.Run(context);

        Assert.Equal(["ReadRisk", "PublishRisk"], context.Calls);
        Assert.True(Assert.Single(_published).Done);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Check_EntraDoesNotSettleIt_LooksAtTheOu(bool gone)
    {
        var context = Context(question => Read(done: question.Inventory is not null && gone))
            .On<InventoryWritebackOu>(_ => new InventoryResult { Groups = ScriptedContext.Document("inventory"), Elsewhere = ScriptedContext.Document("elsewhere") });

        await CheckRiskOrchestrator.Run(context);

        Assert.Equal(["ReadRisk", "InventoryWritebackOu", "ReadRisk", "PublishRisk"], context.Calls);
        Assert.Equal(gone, Assert.Single(_published).Done);
    }

    [Fact]
    public async Task Check_ListenerSilent_IsNotDoneAndSaysWhy()
    {
        var context = Context(_ => Read(done: false)).On<InventoryWritebackOu>(_ => Nobody).On("PollCommand", _ => Nobody);

        await CheckRiskOrchestrator.Run(context);

        var reading = Assert.Single(_published);
        Assert.False(reading.Done);
        Assert.StartsWith("GWB2701: ", reading.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_EntraCannotBeRead_IsNotDoneAndSaysWhy()
    {
        await CheckRiskOrchestrator.Run(Context(_ => throw ScriptedContext.Failure("ReadRisk")));

        var reading = Assert.Single(_published);
        Assert.Equal((false, "GWB2703: ReadRisk failed after its repetitions: the disk is full"), (reading.Done, reading.Text));
    }

    [Theory]
    [InlineData("clear the mail value", true)]
    [InlineData("restore", true)]
    [InlineData("delete for good", true)]
    [InlineData("switch writeback on", true)]
    [InlineData("remove the object", true)]
    [InlineData("nothing", false)]
    public async Task Check_OfTheSimulatedTenant_ReadsWhatPeopleDid(string deed, bool done)
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions { Groups = 20, M365 = 2, MailBearing = 1, DisabledRetained = 1, SoftDeletedRetained = 1 });
        var tasks = await lab.Store.LoadListAsync<RiskTask>((await lab.AssessAsync()).Tasks!, Stop);
        Assert.Equal([RiskTaskKind.ClearMail, RiskTaskKind.EnableOrRemove, RiskTaskKind.RestoreOrDelete], tasks.Select(t => t.Kind).Order(Comparer<RiskTaskKind>.Create((a, b) => string.CompareOrdinal($"{a}", $"{b}"))));
        var task = tasks.Single(t => t.Kind == deed switch
        {
            "restore" or "delete for good" => RiskTaskKind.RestoreOrDelete,
            "switch writeback on" or "remove the object" or "nothing" => RiskTaskKind.EnableOrRemove,
            _ => RiskTaskKind.ClearMail,
        });
        var group = task.CloudId.ToString("D");
        if (deed == "remove the object")
        {
            await lab.World.Store.ChangeAsync(change => lab.World.Forest.Delete(change, task.ObjectGuid));
        }
        else if (deed != "nothing")
        {
            await lab.World.Deeds.DoAsync("now", deed switch
            {
                "restore" => new GroupSoftDeleted { Group = group, Restored = true },
                "delete for good" => new GroupHardDeleted { Group = group },
                "switch writeback on" => new GroupWritebackSet { Group = group, Enabled = true },
                _ => new GroupMailSet { Group = group, Mail = null },
            });
        }

        var context = new ScriptedContext(Check with { TaskId = task.Id, CloudId = task.CloudId, WritebackOu = WorldSeeder.WritebackOu })
            .OnActivity<RiskQuestion, RiskReading>(lab.Risks.ReadRisk)
            .On("PublishRisk", answer => Publish(answer));
        var inventory = await lab.InventoryAsync();
        context.On<InventoryWritebackOu>(_ => new InventoryResult { Groups = inventory, Elsewhere = ScriptedContext.Document("elsewhere") });

        await CheckRiskOrchestrator.Run(context);

        Assert.Equal(done, Assert.Single(_published).Done);
    }

    ScriptedContext Context(Func<RiskQuestion, RiskReading> read)
        => new ScriptedContext(Check).On("ReadRisk", question => read((RiskQuestion)question!)).On("PublishRisk", Publish);

    object? Publish(object? answer)
    {
        _published.Add(((RiskAnswer)answer!).Reading);
        return null;
    }

    static RiskReading Read(bool done) => new() { Done = done, Text = "read", At = Assessment.Facts.Now };
}
