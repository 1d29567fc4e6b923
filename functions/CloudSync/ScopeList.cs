using System.Globalization;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Who makes the app role assignments that bring groups into Cloud Sync's scope; part of the plan that people approve.</summary>
public enum ScopeAssignment
{
    /// <summary>A person with delegated rights, by a generated script; the product only reads back.</summary>
    Operator,

    /// <summary>The product itself. It then holds <c>AppRoleAssignment.ReadWrite.All</c>, with which an app can give itself any permission.</summary>
    App,
}

/// <summary>What one run of the operator's script assigns: ids only. The document of this record is what the script demands, byte for byte.</summary>
public sealed record ScopeList
{
    public required Guid Tenant { get; init; }

    /// <summary>The cloud's name as <c>Connect-MgGraph -Environment</c> knows it; see <see cref="ScopeScript.Environments"/>.</summary>
    public required string Environment { get; init; }

    /// <summary>Service principal of the enterprise application that holds the job.</summary>
    public required Guid ServicePrincipal { get; init; }

    /// <summary>The app role whose assignment means scope.</summary>
    public required Guid AppRole { get; init; }

    /// <summary>From 1; 0 for the canaries.</summary>
    public required int Ring { get; init; }

    /// <summary>How many rings there are.</summary>
    public required int Of { get; init; }

    /// <summary>objectIds in Entra, in ascending order.</summary>
    public required IReadOnlyList<Guid> Groups { get; init; }

    /// <summary>Name of the downloads, without extension: <c>ring-2</c>, <c>canaries</c>.</summary>
    public static string NameOf(int ring) => ring == 0 ? "canaries" : string.Create(CultureInfo.InvariantCulture, $"ring-{ring}");
}
