namespace GwbCloud.Functions.Orchestration;

/// <summary>How tasks name what an operator opens in the portal: by what it is called there, not by what it would be called by habit.</summary>
static class PortalWords
{
    /// <summary>The enterprise application by its name and id; a name alone may be that of another one.</summary>
    public static string Application(StageRun run)
        => run.Facts.Job is { } job ? $"'{job.Application ?? run.Plan.Domain}' (object id {job.ServicePrincipalId:D})" : $"'{run.Plan.Domain}'";

    public static string OpenConfiguration(StageRun run)
        => $"Open the Microsoft Entra admin center, Entra Connect, Cloud sync, and the configuration of the domain {run.Plan.Domain} (Microsoft Entra ID to AD), "
            + $"whose enterprise application is {Application(run)}.";
}
