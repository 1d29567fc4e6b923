using GwbCloud.Lab.People;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>Shows a rehearsal to people or programs.</summary>
public interface IRehearsalView : IPeopleWatch, IAsyncDisposable
{
    /// <summary>Everything is up; the clock starts.</summary>
    void Started(LabHost host);

    /// <summary>It is over, and the files are written.</summary>
    Task EndedAsync(RehearsalResult result);
}
