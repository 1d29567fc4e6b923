using GwbCloud.Lab.People;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>Shows a rehearsal to people or programs.</summary>
public interface IRehearsalView : IPeopleWatch, IAsyncDisposable
{
    /// <summary>Everything is up; the clock starts.</summary>
    void Started(LabHost host);

    /// <summary>A real directory is being filled, from several threads; before <see cref="Started"/>.</summary>
    void Filled(int done, int total)
    {
    }

    /// <summary>It is over, and the files are written.</summary>
    Task EndedAsync(RehearsalResult result);
}
