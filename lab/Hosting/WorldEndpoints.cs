using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Lab.Hosting;

/// <summary>What a world in a process of its own offers beside Graph: its card, its clock, and what it counted.</summary>
public static class WorldEndpoints
{
    public const string CardPath = "lab/world";
    public const string ClockPath = "lab/clock";
    /// <summary>Bears the caller's moment in a request to Graph.</summary>
    public const string MomentHeader = "x-lab-moment";
    public const string UsagePath = "lab/usage";

    /// <summary>Maps the addresses below <c>/lab</c>.</summary>
    /// <param name="routes">Where.</param>
    /// <param name="clock">The world's clock, led by whoever calls.</param>
    /// <param name="host">The world, once it runs.</param>
    internal static void MapWorld(this WebApplication routes, LedClock clock, Func<WorldHost?> host)
    {
        routes.Use(async (HttpContext context, RequestDelegate next) =>
        {
            if (DateTimeOffset.TryParse(context.Request.Headers[MomentHeader], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment))
            {
                await clock.LeadToAsync(moment, context.RequestAborted);
            }

            await next(context);
        });
        routes.MapGet(CardPath, () => Answer(world => world.Card()));
        routes.MapGet(UsagePath, () => Answer(world => WorldUsage.Of(world.Graph)));
        routes.MapPost(ClockPath, async (HttpRequest request) =>
        {
            if (await request.ReadFromJsonAsync<Moment>(LabJson.Options, request.HttpContext.RequestAborted) is not { } moment) { return Results.BadRequest(); }
            await clock.LeadToAsync(moment.At, request.HttpContext.RequestAborted);
            return Results.NoContent();
        });

        // Graph listens a moment before the listeners do.
        IResult Answer<T>(Func<WorldHost, T> of) =>
            host() is { } world ? Results.Json(of(world), LabJson.Options) : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>A moment of virtual time.</summary>
public sealed record Moment
{
    public required DateTimeOffset At { get; init; }
}

/// <summary>What the world's Graph has answered so far.</summary>
public sealed record WorldUsage
{
    /// <summary>Each item of a batch counts as one, the batch itself does not.</summary>
    public required int Requests { get; init; }

    internal static WorldUsage Of(Tenant.GraphServer graph) => new() { Requests = graph.Requests };
}
