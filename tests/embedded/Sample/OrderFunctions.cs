using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Tests.Embedded.Sample;

/// <summary>What is ordered.</summary>
public sealed record Order
{
    public required string Item { get; init; }

    public int Count { get; init; }
}

/// <summary>Where an order ended.</summary>
public sealed record OrderResult
{
    public required string Outcome { get; init; }

    public required int Packed { get; init; }
}

/// <summary>Something that the sample needs from the services.</summary>
public interface IWarehouse
{
    int Take(string item, int count);
}

/// <summary>The smallest app that has all parts: an HTTP start, an orchestration with an activity, a timer, an event and a sub-orchestration.</summary>
public sealed class OrderFunctions(IWarehouse warehouse)
{
    [Function(nameof(StartOrder))]
    public static async Task<IResult> StartOrder(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "orders/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        var order = await request.ReadFromJsonAsync<Order>(cancellation);
        await client.ScheduleNewOrchestrationInstanceAsync(nameof(RunOrder), order, new StartOrchestrationOptions(id), cancellation);
        return TypedResults.Accepted($"/api/orders/{id}");
    }

    [Function(nameof(GetOrder))]
    public static async Task<IResult> GetOrder(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client)
        => await client.GetInstanceAsync(id, getInputsAndOutputs: true, request.HttpContext.RequestAborted) is { } found
            ? TypedResults.Ok(new { status = found.RuntimeStatus.ToString(), result = found.ReadOutputAs<OrderResult>() })
            : TypedResults.NotFound();

    [Function(nameof(ApproveOrder))]
    public static async Task<IResult> ApproveOrder(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orders/{id}/approval")] HttpRequest request, string id, [DurableClient] DurableTaskClient client)
    {
        await client.RaiseEventAsync(id, "approval", "ann", request.HttpContext.RequestAborted);
        return TypedResults.NoContent();
    }

    [Function(nameof(Fail))]
    public static Task<IResult> Fail([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        => throw new InvalidOperationException($"This must not reach {request.Host}.");

    [Function(nameof(RunOrder))]
    public static async Task<OrderResult> RunOrder([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var order = context.GetInput<Order>()!;
        await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
        string by;
        try { by = await context.WaitForExternalEvent<string>("approval", TimeSpan.FromDays(1)); }
        catch (TaskCanceledException) { return new() { Outcome = "expired", Packed = 0 }; }
        int packed = await context.CallSubOrchestratorAsync<int>(nameof(Pack), order, new TaskOptions().WithInstanceId($"{context.InstanceId}:pack"));
        return new() { Outcome = $"approved by {by}", Packed = packed };
    }

    [Function(nameof(Pack))]
    public static async Task<int> Pack([OrchestrationTrigger] TaskOrchestrationContext context, Order order)
        => await context.CallActivityAsync<int>(nameof(TakeFromShelf), order);

    [Function(nameof(TakeFromShelf))]
    public int TakeFromShelf([ActivityTrigger] Order order, string instanceId) => warehouse.Take($"{order.Item}@{instanceId}", order.Count);
}
