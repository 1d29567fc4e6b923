using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Tests.Browser.Support;

namespace GwbCloud.Tests.Browser.Pages;

/// <summary>An approver before the page of a gate that has just opened, on a stage of his own.</summary>
sealed class ApproverAtGate : IAsyncDisposable
{
    ApproverAtGate(Stage stage, Visitor approver, MigrationView asked, GatePage page) => (Stage, Approver, Asked, Page) = (stage, approver, asked, page);

    public Stage Stage { get; }

    public Visitor Approver { get; }

    /// <summary>The migration as it asks.</summary>
    public MigrationView Asked { get; }

    public GatePage Page { get; }

    /// <param name="chromium">Where the approver looks.</param>
    /// <param name="gate">The gate that is waited for.</param>
    /// <param name="real">People for whom the test acts.</param>
    /// <param name="story">Null is <see cref="Stage.Small"/>.</param>
    public static async Task<ApproverAtGate> OpenAsync(Chromium chromium, GateName gate, IReadOnlyList<LabPerson> real, Story? story = null)
    {
        var stage = await Stage.StartAsync(real, story);
        try
        {
            var approver = await Visitor.OpenAsync(chromium, stage, LabPeople.FirstApprover);
            var asked = await stage.PassUntilGateAsync(gate);
            var page = new GatePage(approver, asked.MigrationId, gate == GateName.Plan ? "plan" : "switch");
            await page.ShowAsync();
            return new(stage, approver, asked, page);
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public void Deconstruct(out Stage stage, out Visitor approver, out GatePage page) => (stage, approver, page) = (Stage, Approver, Page);

    public async ValueTask DisposeAsync()
    {
        await Approver.DisposeAsync();
        await Stage.DisposeAsync();
    }
}
