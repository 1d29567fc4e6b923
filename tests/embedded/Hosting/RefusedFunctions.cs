using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

#pragma warning disable CA1034, CA1000, IDE0060 // Wrong on purpose.

namespace GwbCloud.Tests.Embedded.Hosting;

/// <summary>Functions that Azure would mangle. Generic, so that a scan of the assembly passes them by.</summary>
public static class Refused<T>
{
    public abstract record Shape;

    public static class TypedRoute
    {
        [Function("TypedRoute")]
        public static Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "x/{id}")] HttpRequest request, int id) => throw new NotSupportedException();
    }

    public static class FromBody
    {
        [Function("FromBody")]
        public static Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [Microsoft.AspNetCore.Mvc.FromBody] string body) => throw new NotSupportedException();
    }

    public static class PlainResult
    {
        [Function("PlainResult")]
        public static Task<string> Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => throw new NotSupportedException();
    }

    public static class ListInput
    {
        [Function("ListInput")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, IReadOnlyList<string> input) => throw new NotSupportedException();
    }

    public static class AbstractInput
    {
        [Function("AbstractInput")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, Shape input) => throw new NotSupportedException();
    }

    public static class NullableInput
    {
        [Function("NullableInput")]
        public static Task Run([ActivityTrigger] int? input) => throw new NotSupportedException();
    }

    public static class TupleInput
    {
        [Function("TupleInput")]
        public static Task Run([ActivityTrigger] (int A, int B) input) => throw new NotSupportedException();
    }

    public static class TupleOutput
    {
        [Function("TupleOutput")]
        public static Task<(int A, int B)> Run([ActivityTrigger] string input) => throw new NotSupportedException();
    }

    public static class OrchestratorWithToken
    {
        [Function("OrchestratorWithToken")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, CancellationToken cancellation) => throw new NotSupportedException();
    }

    public static class Twice
    {
        [Function("Same")]
        public static Task One([ActivityTrigger] string input) => throw new NotSupportedException();

        [Function("same")]
        public static Task Two([ActivityTrigger] string input) => throw new NotSupportedException();
    }

    public static class Hidden
    {
        [Function("Hidden")]
        internal static Task Run([ActivityTrigger] string input) => throw new NotSupportedException();
    }

    public static class Unbound
    {
        [Function("Unbound")]
        public static Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, Guid what) => throw new NotSupportedException();
    }
}
