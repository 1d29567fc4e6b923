using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Terminal;

/// <summary>What a real person needs to take part. No tokens: they would be old before a gate opens.</summary>
static class InteractiveHelp
{
    public static IEnumerable<string> For(LabHost host)
    {
        if (!host.Story.Interactive) { yield break; }
        var issuer = host.Issuer;
        var real = LabPeople.Acting.Where(person => !host.Simulates(person)).ToList();
        yield return $"You are {string.Join(" and ", real.Select(person => person.Name))}; docs/interactive.md shows what there is to do. Everybody else acts by himself."
            + (real.Contains(LabPeople.Operator) ? $" Nothing begins before you assess and request as {LabPeople.Operator.Name}." : $" {LabPeople.Operator.Name} requests the migration, and can't approve it.");
        if (real.Contains(LabPeople.Operator))
        {
            var canaries = host.Canaries;
            yield return $"canaries: new {canaries.New:D}, match {canaries.Match:D}, unassigned {canaries.Unassigned:D}";
        }

        yield return $"In a browser: {new Uri(host.Address, "api/pages")} (choose who you are; nobody has a password). In a shell:";
        yield return $"API=\"{new Uri(host.Address, "api")}\"";
        yield return $"SIGNIN=\"{SignIn(host)}\"";
        yield return $"TENANT=\"{issuer.TenantId:D}\" CLIENT=\"{issuer.ClientId:D}\"";
        yield return $"people: {string.Join(", ", LabPeople.All.Select(issuer.UserName))}";
    }

    /// <summary>Where somebody signs in from a shell.</summary>
    public static Uri SignIn(LabHost host) => new(host.GraphAddress, $"/{host.Issuer.TenantId:D}/oauth2/v2.0/token");
}
