using GwbCloud.Embedded.Hosting;

namespace GwbCloud.Tests.Embedded.Surface;

public sealed class SurfaceTests
{
    static readonly ApiBaseline Baseline = ApiBaseline.Load();

    [Fact]
    public void Surface_EveryPublicType_IsAFaithfulPartOfTheRealApi()
    {
        var surface = typeof(EmbeddedHost).Assembly.GetExportedTypes().Where(t => t.Namespace!.StartsWith("Microsoft.", StringComparison.Ordinal)).ToList();

        Assert.SkipWhen(surface.Count == 0, "The azure build has no surface: it references the real packages.");

        var differences = surface.SelectMany(Baseline.Differences).ToList();

        Assert.True(surface.Count > 30, $"Only {surface.Count} types were looked at.");
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Theory]
    [InlineData(typeof(WrongContext), "Microsoft.DurableTask.ParentOrchestrationInstance", "declared as")]
    [InlineData(typeof(WrongSignature), "Microsoft.DurableTask.Client.PurgeResult", "has no 'public System.Int64 PurgedInstanceCount { get; }'")]
    [InlineData(typeof(WrongNullability), "Microsoft.DurableTask.Client.PurgeResult", "has no 'public .ctor(System.Int32 count, System.Boolean isComplete)'")]
    [InlineData(typeof(WrongNullability), "Microsoft.DurableTask.Client.PurgeResult", "overload left out: 'public .ctor(System.Int32 count)'")]
    [InlineData(typeof(WrongReferenceNullability), "Microsoft.DurableTask.ContinueAsNewOptions", "has no 'public System.Object NewInput { get; set; }'")]
    [InlineData(typeof(WrongDefault), "Microsoft.DurableTask.Client.PurgeInstanceOptions", "has no 'public .ctor(System.Boolean Recursive = True)'")]
    [InlineData(typeof(WrongMember), "Microsoft.DurableTask.DataConverter", "has no 'public System.Void Extra()'")]
    [InlineData(typeof(WrongMember), "Microsoft.DurableTask.DataConverter", "abstract member left out: 'public abstract System.String? Serialize(System.Object? value)'")]
    [InlineData(typeof(WrongBase), "Microsoft.DurableTask.TaskFailedException", "declared as")]
    public void Baseline_OfADeliberatelyWrongType_NamesTheDifference(Type wrong, string asIf, string expected)
    {
        var differences = Baseline.Differences(wrong, asIf).ToList();

        Assert.Contains(differences, d => d.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Baseline_OfATypeThatIsNotThere_SaysSo()
    {
        var differences = Baseline.Differences(typeof(SurfaceTests));

        Assert.Contains("no such type", Assert.Single(differences), StringComparison.Ordinal);
    }

    [Fact]
    public void Baseline_OfAnOverloadLeftOut_NamesIt()
    {
        var differences = Baseline.Differences(typeof(FewerOverloads), "Microsoft.DurableTask.TaskRetryOptions").ToList();

        string left = Assert.Single(differences, d => d.Contains("overload left out", StringComparison.Ordinal) && d.Contains("FromRetryHandler", StringComparison.Ordinal));
        Assert.Contains("AsyncRetryHandler", left, StringComparison.Ordinal);
    }

#pragma warning disable CA1034, CA1822, CA1720, CA1051 // Wrong on purpose, and visible as the surface is.
    public sealed class WrongContext;

    public class WrongSignature
    {
        public long PurgedInstanceCount => 0;
    }

    public class WrongNullability(int count, bool isComplete)
    {
        public int PurgedInstanceCount => isComplete ? count : 0;
    }

    public class WrongReferenceNullability
    {
        public object NewInput { get; set; } = "";
    }

    public record WrongDefault(bool Recursive = true);

    public abstract class WrongMember
    {
        public abstract object? Deserialize(string? data, Type targetType);

        public void Extra()
        {
        }
    }

    public sealed class WrongBase : InvalidOperationException;

    public sealed class FewerOverloads
    {
        public static Microsoft.DurableTask.TaskRetryOptions FromRetryHandler(Microsoft.DurableTask.RetryHandler handler) => new((Microsoft.DurableTask.AsyncRetryHandler)(_ => Task.FromResult(handler is null)));
    }
#pragma warning restore CA1034, CA1822, CA1720, CA1051
}
