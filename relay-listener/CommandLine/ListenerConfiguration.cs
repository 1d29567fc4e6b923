using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>The configuration file of an installed listener, <c>listener.json</c>. Everything in it is checked before anything starts.</summary>
public sealed record ListenerConfiguration
{
    /// <summary>Name of this Connect server.</summary>
    public required string Server { get; init; }

    /// <summary>Directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>Folder of journals, documents and the listener's own key.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Keys of the cloud half, as its set-up shows them.</summary>
    public IReadOnlyList<PinnedKey> CommandKeys { get; init; } = [];

    /// <summary>Keys of the other Connect servers, as <c>gwb-listener show-key</c> shows them there.</summary>
    public IReadOnlyList<PinnedKey> OtherServers { get; init; } = [];

    public ApprovalConfiguration? Approvals { get; init; }

    /// <summary>Opts in to writing the staging flag without the wizard, which Microsoft does not support.</summary>
    public bool MayChangeStaging { get; init; }

    /// <summary>The hybrid connection of this server; without it the listener answers on loopback only.</summary>
    public RelayOptions? Relay { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CommandFailedException">GWB6009: not there, or not as it must be.</exception>
    public static ListenerConfiguration Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<ListenerConfiguration>(File.ReadAllBytes(file), ContractJson.Options)
                ?? throw JobError.ConfigurationInvalid.Exception($"{file}: is empty", transient: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw JobError.ConfigurationInvalid.Exception($"{file}: {e.Message}", transient: false, e);
        }
    }

    /// <summary>The options of a start, with a client that reads the issuer's keys.</summary>
    /// <exception cref="CommandFailedException">GWB6009 names every value that cannot be.</exception>
    public ListenerOptions ToOptions(ECDsa key, HttpClient http)
    {
        var options = new ListenerOptions
        {
            Server = Server,
            Tenant = Tenant,
            DataDirectory = DataDirectory,
            CommandKeys = CommandKeys,
            OtherServers = OtherServers,
            Signer = new(key, Server),
            MayChangeStaging = MayChangeStaging,
            Relay = Relay,
            Approvals = Approvals is null ? null : new()
            {
                Issuer = Approvals.Issuer,
                Audience = Approvals.Audience,
                Required = Approvals.Required,
                FetchKeys = async cancellationToken => await http.GetByteArrayAsync(Approvals.KeysAddress, cancellationToken),
            },
        };
        var wrong = options.Validate();
        return wrong.Count == 0 ? options : throw JobError.ConfigurationInvalid.Exception(string.Join("; ", wrong), transient: false);
    }
}

/// <summary>Whose approvals this listener believes.</summary>
public sealed record ApprovalConfiguration
{
    public required string Issuer { get; init; }
    public required string Audience { get; init; }
    public required int Required { get; init; }

    /// <summary>Where the issuer publishes its keys (<c>jwks_uri</c>).</summary>
    public required Uri KeysAddress { get; init; }
}
