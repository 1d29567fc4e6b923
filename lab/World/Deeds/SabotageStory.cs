namespace GwbCloud.Lab.World.Deeds;

/// <summary>What a sabotage is made of that people do, or leave undone, at a named moment.</summary>
static class SabotageStory
{
    public static IEnumerable<PlannedDeed> Deeds(Sabotage sabotage) => sabotage switch
    {
        _ => [],
    };

    public static IEnumerable<Absence> Absences(Sabotage sabotage) => sabotage switch
    {
        _ => [],
    };
}
