using System.Runtime.InteropServices;

namespace GwbCloud.Tests.Listener;

/// <summary>Lets the disk refuse every further write to a file that this process has open: "no space left on device", as the platform says it.</summary>
static class FullDisk
{
    public static void Under(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a device that is always full.");
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        string open = Assert.Single(
            Directory.GetFiles("/proc/self/fd"), descriptor => new FileInfo(descriptor).LinkTarget == Path.GetFullPath(path));
        Assert.True(DuplicateInto((int)full.DangerousGetHandle(), int.Parse(Path.GetFileName(open), null)) >= 0);
    }

    [DllImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int DuplicateInto(int from, int to);
}
