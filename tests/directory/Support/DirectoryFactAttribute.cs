using System.Runtime.CompilerServices;

namespace GwbCloud.Tests.Directory.Support;

/// <summary>A test that needs a real domain controller; where the machine has none it is skipped, with what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DirectoryFactAttribute : FactAttribute
{
    public DirectoryFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (SambaMachine.Missing is { } missing) { Skip = missing; }
    }
}
