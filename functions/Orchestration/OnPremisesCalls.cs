using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration.Servers;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Work on the Connect servers as orchestrators see it: start, durable timer, poll. No activity waits minutes.</summary>
static class OnPremisesCalls
{
    /// <summary>How long a listener may be silent before a person is asked.</summary>
    static readonly TimeSpan LongestSilence = TimeSpan.FromHours(2);

    /// <summary>No job of a listener takes this long; what does is stuck.</summary>
    static readonly TimeSpan LongestWork = TimeSpan.FromHours(48);

    /// <summary>What reads or sets one thing takes seconds. In the window a stage can't look at its own time while it waits for one.</summary>
    static readonly TimeSpan LongestQuickWork = TimeSpan.FromHours(1);

    /// <summary>Attempts at a command whose failure the listener calls passing.</summary>
    const int MostAttempts = 8;

    /// <summary>Runs a command on a server and returns its verified result.</summary>
    /// <exception cref="StageStoppedException">The listener refused or failed, stayed silent for two hours, or never came to an end of it.</exception>
    public static async Task<TResult> RunOnPremAsync<TResult>(
        this TaskOrchestrationContext context, MigrationRequest request, string server, Command<TResult> command)
        where TResult : class
        => await RunOnPremAsync<TResult>(context, request.MigrationId, request.PlanHash, server, command);

    /// <inheritdoc cref="RunOnPremAsync{TResult}(TaskOrchestrationContext, MigrationRequest, string, Command{TResult})"/>
    public static async Task<TResult> RunOnPremAsync<TResult>(
        this TaskOrchestrationContext context, string migrationId, string planHash, string server, Command<TResult> command, TimeSpan? silence = null, TimeSpan? atMost = null, int attempts = MostAttempts)
        where TResult : class
    {
        CommandSubmission submission;
        CommandReply reply;
        var attempt = 0;
        bool again;
        do
        {
            attempt++;
            submission = new CommandSubmission
            {
                MigrationId = migrationId,
                PlanHash = planHash,
                Server = server,
                // Made here, so that an activity that runs twice submits the same job twice.
                CommandId = context.NewGuid().ToString("N"),
                Command = JsonSerializer.Serialize<Command>(command, ContractJson.Options),
            };
            reply = await context.CallActivityAsync<CommandReply>("SubmitCommand", submission, Retries.Standard);
            reply = await context.AwaitEndAsync(submission, reply, command.GetType().Name, silence, atMost, IsQuick(command) ? LongestQuickWork : LongestWork);
            // Busy, or the directory was down: the same again, as a new job, when that may have passed.
            again = reply is { State: CommandState.Failed, Error.Transient: true } && attempt < attempts;
            if (again) { await context.CreateTimer(TimeSpan.FromMinutes(attempt), CancellationToken.None); }
        }
        while (again);
        return Result<TResult>(submission.Server, command.GetType().Name, reply);
    }

    /// <summary>Polls a submitted command until it has ended, and returns its verified result.</summary>
    public static async Task<TResult> AwaitReplyAsync<TResult>(
        this TaskOrchestrationContext context, CommandSubmission submission, CommandReply reply, string what)
        where TResult : class
        => Result<TResult>(submission.Server, what, await context.AwaitEndAsync(submission, reply, what));

    static async Task<CommandReply> AwaitEndAsync(
        this TaskOrchestrationContext context, CommandSubmission submission, CommandReply reply, string what, TimeSpan? silence = null, TimeSpan? atMost = null, TimeSpan? atWork = null)
    {
        var silentSince = context.CurrentUtcDateTime;
        var stuckFrom = context.CurrentUtcDateTime + (atMost ?? LongestWork);
        DateTime? workingSince = null;
        var pause = TimeSpan.FromSeconds(2);
        while (reply is { Unreachable: true } or { State: CommandState.Queued or CommandState.Running })
        {
            if (!reply.Unreachable) { silentSince = context.CurrentUtcDateTime; }
            if (context.CurrentUtcDateTime - silentSince > (silence ?? LongestSilence))
            {
                throw new StageStoppedException(Notices.ListenerSilent(submission.Server, what, silence ?? LongestSilence, reply.Error));
            }

            // One that waits for its turn behind a long job is not stuck.
            if (reply is { Unreachable: false, State: CommandState.Running }) { workingSince ??= context.CurrentUtcDateTime; }
            if (context.CurrentUtcDateTime > stuckFrom || context.CurrentUtcDateTime - workingSince > atWork) { throw new StageStoppedException(Notices.CommandNeverEnds(submission.Server, what)); }

            await context.CreateTimer(pause, CancellationToken.None);
            // Short commands answer at once; long ones are asked less and less often.
            pause = pause < TimeSpan.FromSeconds(60) ? pause * 2 : pause;
            reply = await context.CallActivityAsync<CommandReply>(
                "PollCommand",
                new CommandPoll { MigrationId = submission.MigrationId, Server = submission.Server, CommandId = submission.CommandId },
                Retries.Standard);
        }
        return reply;
    }

    static bool IsQuick(Command command) =>
        command is InspectServer or SetScheduler or SetAutoUpgrade or SetStaging or StartCycle or ReadCycle or StopCycle or CancelJob or AddCoexistenceRules or RemoveCoexistenceRules or RetireCoexistenceRules or ReadWritebackRules or SetWritebackRule
            or GrantWritebackPermissions or RevokeWritebackPermissions;

    static TResult Result<TResult>(string server, string what, CommandReply reply)
    {
        var result = reply is { State: CommandState.Done, Result: { } text }
            ? JsonSerializer.Deserialize<TResult>(text, ContractJson.Options)!
            : throw new StageStoppedException(Notices.CommandFailed(server, what, reply.Error));
        // Signed by the right key, and yet of another machine: nothing that follows would happen where it is meant to.
        return result is ServerFacts facts && !ServerNames.Same(facts.Server, server)
            ? throw new StageStoppedException(ServerError.OtherServerAnswers.Notice($"The listener of {server} answers for {facts.Server}."))
            : result;
    }
}
