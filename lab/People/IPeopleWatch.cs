using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;

namespace GwbCloud.Lab.People;

/// <summary>Hears what the simulated people do and see.</summary>
public interface IPeopleWatch
{
    /// <summary>A person did something.</summary>
    void Said(LabPerson who, string what);

    /// <summary>How an assessment stands.</summary>
    void Assessed(AssessmentOutcome outcome);

    /// <summary>How the migration stands.</summary>
    void Saw(MigrationView view);
}
