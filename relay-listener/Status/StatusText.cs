using System.Globalization;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Status;

/// <summary>Boundary and plan as a person reads them in a console.</summary>
static class StatusText
{
    public static IEnumerable<string> Of(Boundary boundary, DateTimeOffset now)
    {
        var facts = boundary.Facts;
        yield return Row("Server", boundary.Server);
        yield return Row("Migration", boundary.Migration);
        yield return Row("State", boundary.StateOf().ToString());
        yield return Row("Last command", boundary.LastCommand is null ? "none" : $"{boundary.LastCommand}, {boundary.LastState}, {When(boundary.LastAt, now)}");
        yield return Row("Inspected", When(boundary.FactsAt, now));
        yield return Row("GroupWritebackV2", Flag(facts));
        yield return Row("Staging mode", OnOff(facts?.Staging) + (boundary.StagingBefore is true ? " (also before the migration)" : ""));
        yield return Row("Scheduler", OnOff(facts?.Scheduler.Enabled) + (facts?.Scheduler.Suspended is true ? ", suspended by the wizard or an upgrade" : ""));
        yield return Row("Coexistence rules", facts is null ? "unknown" : $"inbound {facts.Coexistence.Inbound}, outbound {facts.Coexistence.Outbound}");
        yield return Row("Last cycle", boundary.LastCycle is null ? "none in this migration" : $"{boundary.LastCycle}, started {When(boundary.LastCycleAt, now)}");
        yield return Row("Switch", SwitchLine(boundary, now));
        yield return Row("Connect", facts is null ? "unknown" : $"{facts.Version}, writes groups to {facts.WritebackOu}");
    }

    public static IEnumerable<string> Of(ByHandPlan plan, Boundary boundary, DateTimeOffset now)
    {
        yield return $"Migration {plan.Migration} on {plan.Server}: {plan.Meaning}";
        yield return $"GroupWritebackV2 {(Flag(boundary.Facts) is "unknown" ? "is not known here" : $"read {Flag(boundary.Facts)}")} ({When(boundary.FactsAt, now)}); it may have changed since.";
        yield return "";
        foreach (var (step, at) in plan.Steps.Select((step, at) => (step, at)))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{at + 1,2}. {step.Do}");
            if (step.Command is not null) { yield return $"      {step.Command}"; }
            if (step.Expect is not null) { yield return $"    Must be seen: {step.Expect}"; }
        }
    }

    static string SwitchLine(Boundary boundary, DateTimeOffset now) => boundary.Switch switch
    {
        null => "not tried in this migration",
        { Outcome: SwitchOutcome.Called } called => $"called {When(boundary.SwitchAt, now)}, the flag read {called.Reads?.ToString() ?? "nothing"}",
        { Outcome: SwitchOutcome.AwaitsOperator } => $"offered to the operator {When(boundary.SwitchAt, now)}",
        { Outcome: SwitchOutcome.Refused } refused => $"refused {When(boundary.SwitchAt, now)}: {string.Join(", ", refused.Reasons.Select(reason => reason.Code).Distinct())}",
        _ => $"the flag read False already, {When(boundary.SwitchAt, now)}",
    };

    static string Flag(ServerFacts? facts) => facts?.Features.GroupWritebackV2?.ToString() ?? "unknown";

    static string OnOff(bool? value) => value switch { true => "on", false => "off", null => "unknown" };

    static string When(DateTimeOffset? at, DateTimeOffset now) => at is null ? "never" : string.Create(
        CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd HH:mm:ss} UTC, {Math.Max(0, (long)(now - at.Value).TotalMinutes)} min ago");

    static string Row(string name, string value) => $"{name,-18} {value}";
}
