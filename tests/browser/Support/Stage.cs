using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>A rehearsal whose time stands still while somebody is at a browser, and passes when the test says so.</summary>
/// <remarks>The virtual clock counts a test as somebody at work. So days of waiting pass in seconds, and nothing that a browser does races with them.</remarks>
public sealed class Stage : IAsyncDisposable
{
    /// <summary>Longer takes no part of a migration.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromDays(6);

    readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    readonly Lock _gate = new();
    Action<MigrationView>? _watch;
    IDisposable? _hold;
    LabCompany? _company;
    Task _people = Task.CompletedTask;

    Stage()
    {
    }

    public LabHost Host { get; private set; } = null!;

    /// <summary>The migration as it was shown last; null before there is one.</summary>
    public MigrationView? View { get; private set; }

    public DateTimeOffset Now => Host.Clock.GetUtcNow();

    /// <summary>The three groups on which the product proves itself.</summary>
    public CanaryCard Canaries => Host.Canaries;

    /// <summary>GroupWritebackV2 of the simulated tenant.</summary>
    public bool WritebackIsOn => Host.World.Store.Read(() => Host.World.Tenant.GroupWritebackV2);

    /// <summary>A small world.</summary>
    public static Story Small { get; } = new() { World = new WorldOptions { Groups = 40, M365 = 12 } };

    /// <summary>Starts a rehearsal.</summary>
    /// <param name="real">People for whom the test acts; everybody else is simulated.</param>
    /// <param name="story">Null is <see cref="Small"/>.</param>
    /// <param name="services">Further services of the product.</param>
    public static async Task<Stage> StartAsync(IReadOnlyList<LabPerson> real, Story? story = null, Action<IServiceCollection>? services = null)
    {
        var stage = new Stage();
        try
        {
            stage.Host = await LabHost.StartAsync(
                new RehearsalOptions { Story = story ?? Small, Real = real, Services = services, Shown = stage.Show }, NullLoggerFactory.Instance, filled: null, stage._stop.Token);
            stage._hold = stage.Host.Clock.Busy("somebody at a browser");
            stage._company = new LabCompany(stage.Host, new Unwatched());
            stage._people = stage._company.LiveAsync(stage._stop.Token);
            stage.Host.Begin();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>The API in the hands of a person.</summary>
    public ProductApi ApiOf(LabPerson person) => _company!.ApiOf(person);

    /// <summary>Lets time pass.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await Host.Clock.SleepAsync(time, _stop.Token);
        await TellFaultAsync();
    }

    /// <summary>Lets time pass until the product shows a migration that is so.</summary>
    public async Task<MigrationView> PassUntilAsync(string what, Func<MigrationView, bool> reached)
    {
        ArgumentNullException.ThrowIfNull(reached);
        using var seen = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        bool come = false;
        Watch(view =>
        {
            if (!reached(view)) { return; }
            come = true;
            seen.Cancel();
        });
        try
        {
            await Host.Clock.SleepAsync(Longest, seen.Token);
        }
        catch (OperationCanceledException) when (come)
        {
            // That is what was waited for.
        }
        finally
        {
            Watch(null);
        }

        // What the product is still at work on belongs to the same moment.
        await Host.Clock.SleepAsync(TimeSpan.FromTicks(1), _stop.Token);
        await TellFaultAsync();
        Assert.True(come, $"Never came: {what}. The migration stands at {View?.State} {View?.Outcome} {View?.Stages.LastOrDefault(s => s.StartedAt is not null)?.Name}: {string.Join(", ", View?.Notices.Select(n => n.Code) ?? [])}");
        return View!;
    }

    /// <summary>Lets time pass until the gate is open.</summary>
    public Task<MigrationView> PassUntilGateAsync(GateName gate) => PassUntilAsync($"gate {gate}", view => view.Gate?.Gate == gate);

    /// <summary>Lets time pass until the migration has ended.</summary>
    public Task<MigrationView> PassUntilEndAsync() => PassUntilAsync("the end", view => view.Outcome is not null);

    /// <summary>Lets time pass, a minute at a time, until something that the test looks for is so.</summary>
    public async Task PassUntilAsync(string what, Func<Task<bool>> reached)
    {
        ArgumentNullException.ThrowIfNull(reached);
        for (int minute = 0; minute < 600; minute++)
        {
            if (await reached()) { return; }
            await PassAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Fail($"Never came: {what}.");
    }

    /// <summary>Does in the world what a task asks for. The product learns of it by looking.</summary>
    public Task DoAsync(OperatorTask task) => new TaskDeeds(
        Host.World, Host.Issuer.UserName(LabPeople.Operator), Host.SwitchOn, (id, stop) => ApiOf(LabPeople.Operator).ScopeListAsync(View!.MigrationId, id, stop)).DoAsync(task, _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_people);
        _company?.Dispose();
        _hold?.Dispose();
        if (Host is not null) { await Host.DisposeAsync(); }
        _stop.Dispose();
    }

    Task Show(MigrationView view)
    {
        lock (_gate)
        {
            View = view;
            _watch?.Invoke(view);
        }

        return Task.CompletedTask;
    }

    void Watch(Action<MigrationView>? watch)
    {
        lock (_gate)
        {
            _watch = watch;
            if (View is { } view) { watch?.Invoke(view); }
        }
    }

    async Task TellFaultAsync()
    {
        if (_people.IsFaulted) { await _people; }
    }

    sealed class Unwatched : IPeopleWatch
    {
        public void Said(LabPerson who, string what)
        {
        }

        public void Assessed(Functions.Assessment.AssessmentOutcome outcome)
        {
        }

        public void Saw(MigrationView view)
        {
        }
    }
}
