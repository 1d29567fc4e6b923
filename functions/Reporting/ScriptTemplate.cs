namespace GwbCloud.Functions.Reporting;

/// <summary>The scripts that people run with rights of their own, as they lie in the assembly: their values are still to be put in.</summary>
static class ScriptTemplate
{
    /// <exception cref="InvalidOperationException">The assembly has no such file.</exception>
    public static string Read(string file)
    {
        using var stream = typeof(ScriptTemplate).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
