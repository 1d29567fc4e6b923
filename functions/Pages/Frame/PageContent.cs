using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Reporting;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Pages;

/// <summary>What a page shows inside its frame.</summary>
public sealed record PageContent
{
    public required string Title { get; init; }

    /// <summary>Everything in <c>main</c>. What can change while somebody looks stands in parts of their own (<see cref="PageParts.Part"/>).</summary>
    public required Html Body { get; init; }

    /// <summary>The way here, without the page itself.</summary>
    public IReadOnlyList<Crumb> Crumbs { get; init; } = [];

    /// <summary>The page looks for changes by itself.</summary>
    public bool Live { get; init; }

    /// <summary>One short sentence that a screen reader is told when it changes; nothing that moves all the time.</summary>
    public string? Announcement { get; init; }

    public int Status { get; init; } = 200;
}

public sealed record Crumb(string Text, string Path);

/// <summary>Who looks, when, and what was asked for.</summary>
/// <param name="Caller">Null when nobody is signed in.</param>
/// <param name="Now">The moment of the answer.</param>
/// <param name="Request">What was asked for.</param>
public sealed record PageVisit(Principal? Caller, DateTimeOffset Now, HttpRequest Request)
{
    /// <summary>Names of those who acted.</summary>
    public PeopleNames People { get; init; } = PeopleNames.None;

    public bool IsOperator => Caller?.Roles.Contains(Roles.Operator) ?? false;

    public bool IsApprover => Caller?.Roles.Contains(Roles.Approver) ?? false;
}
