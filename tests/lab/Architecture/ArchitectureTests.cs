using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using GwbCloud.Contracts.Commands;
using GwbCloud.Embedded.Engine;
using GwbCloud.Functions.Assessment;
using GwbCloud.Journal;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.AdSync;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Tests.Lab.Architecture;

/// <summary>Which project may use which. Source: docs/architecture.md, Projects.</summary>
public sealed class ArchitectureTests
{
    const string Contracts = "GwbCloud.Contracts", Journal = "GwbCloud.Journal", Embedded = "GwbCloud.Embedded", Functions = "GwbCloud.Functions";

    static readonly Assembly FunctionsAssembly = typeof(MigrationPlan).Assembly;

    /// <summary>What of the cloud half the lab may name: the seams that it fills when it starts the product, and what the API shows to people. Nothing here decides.</summary>
    static readonly string[] AllowedInLab =
    [
        "Audit.AuditChain", "Audit.AuditHead", "Audit.AuditVerdict", "GwbCloudServices", "Graph.IGraphTokens", "Graph.IJitter", "IDelay",
        "Approvals.EvidenceLink", "Approvals.GateName", "Approvals.OpenGate",
        "Assessment.Acceptance", "Assessment.AssessmentOutcome", "Assessment.AssessmentState", "Assessment.Canaries", "Assessment.ClassifiedGroup",
        "Assessment.Finding", "Assessment.FindingSeverity", "Assessment.GroupClass", "Assessment.GroupLoss",
        "Assessment.Risks.RiskTask", "Assessment.Risks.RiskTaskKind", "Assessment.Risks.RiskTaskState",
        "CloudSync.ScopeList", "Documents.IDocumentStore", "Documents.NamedDocument", "Documents.PassingName",
        "Operations.OperationDecision", "Operations.OperationDraft", "Operations.OperationOutcome", "Operations.OperationPlan", "Operations.OperationState", "Operations.OperationView",
        "Orchestration.AskedEnd", "Orchestration.MigrationOutcome", "Orchestration.MigrationState", "Orchestration.MigrationView", "Orchestration.MigrationWindow",
        "Orchestration.Notice", "Orchestration.OperatorAction", "Orchestration.OperatorTask", "Orchestration.OrphanedObject", "Orchestration.ReviewItem", "Orchestration.StageName", "Orchestration.StageState", "Orchestration.StageView",
        "Orchestration.TaskKind", "Orchestration.TaskState",
    ];

    public static TheoryData<string, string[]> Projects { get; } = new()
    {
        { Contracts, [] },
        { Journal, [] },
        { Embedded, [Journal] },
        { Functions, [Contracts, Embedded] },
        { "gwb-listener", [Contracts, Journal] },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_UsesOnlyWhatItMay(string project, string[] allowed)
    {
        var assembly = Ours.Single(a => a.GetName().Name == project);

        var used = assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(IsOurs);

        Assert.Empty(used.Except(allowed));
    }

    [Fact]
    public void Lab_SharesNoDecisionWithTheCloudHalf()
    {
        var forbidden = TypesUsedBy(typeof(SimulatedWorld).Assembly, Functions).Except(AllowedInLab).ToList();

        Assert.True(forbidden.Count == 0, string.Join(", ", forbidden));
    }

    [Fact]
    public void FunctionNames_AreUnique()
    {
        var names = FunctionsAssembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(m => m.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>().ToList();

        Assert.NotEmpty(names);
        Assert.Empty(names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    static Assembly[] Ours =>
        [typeof(Command).Assembly, typeof(JournalFile).Assembly, typeof(OrchestrationEngine).Assembly, FunctionsAssembly, typeof(IAdSync).Assembly];

    static bool IsOurs(string assembly) => assembly.StartsWith("GwbCloud.", StringComparison.Ordinal) || assembly == "gwb-listener";

    /// <summary>Top-level types of one assembly that another one's code names, without their common namespace.</summary>
    static List<string> TypesUsedBy(Assembly user, string used)
    {
        using var file = new PEReader(File.OpenRead(user.Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Where(t => t.ResolutionScope.Kind == HandleKind.AssemblyReference
                && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)t.ResolutionScope).Name) == used)
            .Select(t => $"{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}"[(used.Length + 1)..])
            .Order(StringComparer.Ordinal)];
    }
}
