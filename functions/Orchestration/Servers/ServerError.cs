using GwbCloud.Contracts;

namespace GwbCloud.Functions.Orchestration.Servers;

/// <summary>What is told of the Connect servers themselves: GWB2880 and following.</summary>
static class ServerError
{
    public static readonly ErrorEntry ServersChanged = new("GWB2880", "The Connect servers are not those of the plan.",
        "One was promoted, demoted, upgraded, given other connectors, or appeared or went since the assessment.",
        "Put the servers back as they were, or assess again: the new plan needs new approval.");
    public static readonly ErrorEntry OtherServerAnswers = new("GWB2881", "A listener speaks for another server than configured.",
        "The address or relay of one server leads to another one, or the machine was renamed.",
        "Compare OnPremises:Listeners with the server's own name (gwb-listener check); nothing was done there.");

    /// <summary>The lines in the order of their codes.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } = [ServersChanged, OtherServerAnswers];
}
