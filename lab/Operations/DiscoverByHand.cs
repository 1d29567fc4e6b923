using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Operations;

/// <summary>The discovery: whoever looks changes nothing, so that the world must be as if nobody had done anything.</summary>
sealed class DiscoverByHand(OperationStory story) : RehearsedOperation(story)
{
    public const string Kind = "discover";

    public override object TermsIn(SimulatedWorld world) => new { };

    public override void Do(SimulatedWorld world, WorldChange change)
    {
        // Reading leaves no trace.
    }
}
