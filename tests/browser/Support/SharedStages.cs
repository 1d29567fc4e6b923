using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>One rehearsal for all tests that only look at it; whoever changes something has a stage of his own.</summary>
public abstract class SharedStage(IReadOnlyList<LabPerson> real, int awkward, Func<Stage, Task<MigrationView>> reach) : IAsyncLifetime
{
    public Stage Stage { get; private set; } = null!;

    /// <summary>The migration as it stands there.</summary>
    public MigrationView View { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // Without a browser every test of it is skipped.
        if (BrowserMachine.Missing is not null) { return; }
        Stage = await Stage.StartAsync(real, Stage.Small with { World = Stage.Small.World with { Awkward = awkward } });
        View = await reach(Stage);
    }

    public async ValueTask DisposeAsync()
    {
        if (Stage is not null) { await Stage.DisposeAsync(); }
        GC.SuppressFinalize(this);
    }
}

/// <summary>At the first gate, where nobody decides, with groups of every awkward kind.</summary>
public sealed class StageAtTheGate() : SharedStage([LabPeople.FirstApprover, LabPeople.SecondApprover], awkward: 14, stage => stage.PassUntilGateAsync(GateName.Plan));

/// <summary>After a migration that simulated people brought to its end.</summary>
public sealed class StageAfterTheEnd() : SharedStage([], awkward: 0, async stage =>
{
    var view = await stage.PassUntilEndAsync();
    // Messages and the report are a little later.
    await stage.PassAsync(TimeSpan.FromMinutes(10));
    return view;
});

/// <summary>Tests that look at <see cref="StageAtTheGate"/>, one after the other.</summary>
[CollectionDefinition]
public sealed class AtTheGate : ICollectionFixture<StageAtTheGate>;

/// <summary>Tests that look at <see cref="StageAfterTheEnd"/>, one after the other.</summary>
[CollectionDefinition]
public sealed class AfterTheEnd : ICollectionFixture<StageAfterTheEnd>;
