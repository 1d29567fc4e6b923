using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Status;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>What every verb has: the machine, the streams, and the configuration when it asks for it.</summary>
sealed class Verb(string configFile, ListenerEnvironment environment, TextWriter output, TextWriter error)
{
    // A console and a file, never a page: keys stay as they are copied.
    static readonly JsonSerializerOptions Indented = new(ContractJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Lazy<ListenerConfiguration> _configuration = new(() => ConfigurationFile.Read(configFile));

    public string ConfigFile { get; } = Path.GetFullPath(configFile);

    public ListenerEnvironment Environment => environment;

    public TextWriter Output => output;

    public TextWriter Error => error;

    /// <summary>Read at the first use, so that a verb may refuse for other reasons first.</summary>
    public ListenerConfiguration Configuration => _configuration.Value;

    public void Json<T>(T value) => output.WriteLine(JsonSerializer.Serialize(value, Indented));

    /// <summary>One line on standard error, and the exit code that goes with it.</summary>
    public int Refuse(CommandError refused)
    {
        error.WriteLine(LineOf(refused));
        return ExitCode.Of(refused.Code);
    }

    public static string LineOf(CommandError refused) => $"{refused.Code}: {refused.Message} {refused.Remedy}".TrimEnd();

    /// <summary>The state that this listener signed last; null when there is none that bears its signature.</summary>
    public Boundary? ReadBoundary(ECDsa key) => BoundaryFile.Read(
        Path.Combine(Configuration.DataDirectory, BoundaryFile.FileName), ListenerKey.Pin(key, Configuration.Server), environment.Time);
}
