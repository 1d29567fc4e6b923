using GwbCloud.Lab.Connect;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Operations;

/// <summary>Version 1 switched on in the wizard, with the permissions that Connect's account needs. Source: enable group writeback.</summary>
sealed class EnableByHand(OperationStory story) : RehearsedOperation(story)
{
    public const string Kind = "enable";

    public override object TermsIn(SimulatedWorld world) => new { version = $"version{Story.Version}", permissions = Story.Permissions };

    public override void Do(SimulatedWorld world, WorldChange change)
    {
        if (Story.Permissions != "nothing") { world.Connect.GrantWritebackAccess(change, Story.Permissions == "allDomains" ? null : world.ForestFacts.WritebackOu); }
        world.Connect.ChooseWriteback(change, ConnectServers.NameOf(0), chosen: true);
    }
}
