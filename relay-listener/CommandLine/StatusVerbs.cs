using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Status;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary><c>show-key</c>, <c>status</c> and <c>by-hand</c>: what the data directory alone can tell.</summary>
static class StatusVerbs
{
    public static int ShowKey(Verb verb, bool next)
    {
        verb.Configuration.RequireDataDirectoryHere();
        using var key = next ? ListenerKey.OpenNext(verb.Configuration.DataDirectory) : ListenerKey.Open(verb.Configuration.DataDirectory);
        verb.Json(ListenerKey.Pin(key, verb.Configuration.Server));
        return ExitCode.Done;
    }

    public static int ShowStatus(Verb verb, bool json) => Show(verb, boundary =>
    {
        if (json) { verb.Json(boundary); }
        else { Write(verb, StatusText.Of(boundary, verb.Environment.Time.GetUtcNow())); }
    });

    public static int ShowByHand(Verb verb, bool json) => Show(verb, boundary =>
    {
        var plan = ByHand.PlanFor(boundary);
        if (json) { verb.Json(plan); }
        else { Write(verb, StatusText.Of(plan, boundary, verb.Environment.Time.GetUtcNow())); }
    });

    static int Show(Verb verb, Action<Boundary> show)
    {
        using var key = ListenerKey.OpenExisting(verb.Configuration.DataDirectory);
        if (verb.ReadBoundary(key) is not { } boundary) { return verb.Refuse(ServiceError.NoSignedState.ToError(verb.Configuration.DataDirectory)); }
        show(boundary);
        return ExitCode.Done;
    }

    static void Write(Verb verb, IEnumerable<string> lines)
    {
        foreach (string line in lines) { verb.Output.WriteLine(line); }
    }
}
