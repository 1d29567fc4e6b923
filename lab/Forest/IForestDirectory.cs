using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Forest;

/// <summary>Where the objects of a forest really are, when that is not the world's store alone.</summary>
/// <remarks>
/// Called within the change that has the effect, and before the store knows of it: what returns has happened there, and what the
/// directory refuses (<see cref="ForestException"/>) happens nowhere.
/// </remarks>
public interface IForestDirectory
{
    /// <summary>Makes an object.</summary>
    /// <param name="made">What is to be made, with the identity that it would have in the world alone.</param>
    /// <returns>The identity that it has.</returns>
    ForestIdentity Create(AdObject made);

    /// <summary>Carries over whatever differs: attributes, members, name and place.</summary>
    void Change(AdObject before, AdObject after);

    /// <summary>Deletes an object; links to it go with it.</summary>
    void Delete(AdObject gone);

    /// <summary>The same identities, with nothing carried out: for the control world.</summary>
    IForestDirectory Unattended();
}

/// <summary>objectGUID and objectSid.</summary>
/// <param name="ObjectGuid">The key of the object in the world.</param>
/// <param name="Sid">In text.</param>
public sealed record ForestIdentity(Guid ObjectGuid, string Sid);
