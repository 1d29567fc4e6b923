namespace GwbCloud.Lab.World.Deeds;

/// <summary>Who of the simulated people may be away.</summary>
public enum LabRole
{
    /// <summary>Assesses, requests, and asks a parked migration to try again.</summary>
    Requester,

    /// <summary>Does the tasks.</summary>
    Operator,
    FirstApprover,
    SecondApprover,
}

/// <summary>Somebody is away from a moment on: nobody of that role does, decides or repeats anything.</summary>
public sealed record Absence
{
    public required LabRole Who { get; init; }
    public required Moment From { get; init; }

    /// <summary>Back after so many minutes; null is never.</summary>
    public int? Minutes { get; init; }
}
