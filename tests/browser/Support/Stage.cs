using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>A rehearsal whose time stands still while somebody is at a browser, and passes when the test says so.</summary>
/// <remarks>The virtual clock counts a test as somebody at work. So days of waiting pass in seconds, and nothing that a browser does races with them.</remarks>
public sealed class Stage : IAsyncDisposable
{
    /// <summary>Longer takes no part of a migration.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromDays(6);

    /// <summary>How long, in real time, a test waits for something of the rehearsal: much longer than anything takes on a machine that is busy with others.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(3);

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

    /// <summary>Where the product keeps its documents.</summary>
    public IDocumentStore Documents { get; private set; } = null!;

    /// <summary>GroupWritebackV2 of the simulated tenant.</summary>
    public bool WritebackIsOn => Host.World.Store.Read(() => Host.World.Tenant.GroupWritebackV2);

    /// <summary>A small world.</summary>
    public static Story Small { get; } = new() { World = new WorldOptions { Groups = 40, M365 = 12 } };

    /// <summary>Starts a rehearsal.</summary>
    /// <param name="real">People for whom the test acts; everybody else is simulated.</param>
    /// <param name="story">Null is <see cref="Small"/>.</param>
    public static async Task<Stage> StartAsync(IReadOnlyList<LabPerson> real, Story? story = null)
    {
        var stage = new Stage();
        try
        {
            stage.Host = await LabHost.StartAsync(
                new RehearsalOptions { Story = story ?? Small, Real = real, Services = services => services.AddHostedService(stage.Take), Shown = stage.Show }, NullLoggerFactory.Instance, filled: null, stage._stop.Token);
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
    public Task PassAsync(TimeSpan time) => SleepAsync(time, $"{time} later", CancellationToken.None);

    /// <summary>Lets time pass until the product shows a migration that is so.</summary>
    /// <exception cref="Xunit.Sdk.FailException">It never came, within what a migration takes or within <see cref="Patience"/>; says what was waited for and what was seen.</exception>
    public async Task<MigrationView> PassUntilAsync(string what, Func<MigrationView, bool> reached)
    {
        ArgumentNullException.ThrowIfNull(reached);
        using var come = new CancellationTokenSource();
        Watch(view =>
        {
            if (reached(view)) { come.Cancel(); }
        });
        try
        {
            await SleepAsync(Longest, what, come.Token);
        }
        finally
        {
            Watch(null);
        }

        if (!come.IsCancellationRequested) { Assert.Fail(NeverCame(what)); }
        // What the product is still at work on belongs to the same moment.
        await SleepAsync(TimeSpan.FromTicks(1), $"the end of what is done at {what}", CancellationToken.None);
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

        Assert.Fail(NeverCame(what));
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

    /// <param name="time">How long, on the clock of the rehearsal.</param>
    /// <param name="what">What is waited for.</param>
    /// <param name="come">It has come.</param>
    async Task SleepAsync(TimeSpan time, string what, CancellationToken come)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, come);
        bound.CancelAfter(Patience);
        try
        {
            await Host.Clock.SleepAsync(time, bound.Token);
        }
        catch (OperationCanceledException) when (come.IsCancellationRequested)
        {
            // Early enough.
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            Assert.Fail($"{NeverCame(what)} A test has waited for {Patience.TotalSeconds:0} s. At work: {string.Join(", ", Host.Clock.OpenHolds.Distinct())}.");
        }

        await TellFaultAsync();
    }

    string NeverCame(string what) =>
        $"Never came: {what}. It is {Now:u}. The migration stands at {View?.State} {View?.Outcome} {View?.Stages.LastOrDefault(s => s.StartedAt is not null)?.Name}: {string.Join(", ", View?.Notices.Select(n => n.Code) ?? [])}.";

    DocumentsTaken Take(IServiceProvider product)
    {
        Documents = product.GetRequiredService<IDocumentStore>();
        return new DocumentsTaken();
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

    /// <summary>Is made when the product starts; that is all that it is for.</summary>
    sealed class DocumentsTaken : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
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
