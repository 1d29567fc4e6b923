namespace GwbCloud.Functions.Documents;

/// <summary>One writer at a time among all who use a folder: those of this process, and those of another instance of the app.</summary>
/// <remarks>The system lets go of the file when a process dies, so nothing is left locked. It stays where it is: a file that comes and goes could be held twice.</remarks>
sealed class FolderLock(string path) : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    readonly SemaphoreSlim _here = new(1, 1);

    /// <summary>Waits until nobody else writes; whoever disposes of the answer lets the next one in.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _here.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    return new Turn(_here, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                }
                catch (IOException taken) when (IsTaken(taken))
                {
                    // Another process has it for as long as one small write takes; nothing tells when it is free.
                    await Task.Delay(Pause, cancellationToken);
                }
            }
        }
        catch
        {
            _here.Release();
            throw;
        }
    }

    public void Dispose() => _here.Dispose();

    // Sharing or lock violation on Windows; EWOULDBLOCK of Linux and of macOS.
    static bool IsTaken(IOException refused) => (refused.HResult & 0xFFFF) is 32 or 33 || refused.HResult is 11 or 35;

    sealed class Turn(SemaphoreSlim here, IDisposable file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            here.Release();
        }
    }
}
