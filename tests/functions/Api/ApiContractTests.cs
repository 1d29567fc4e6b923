using System.Reflection;
using GwbCloud.Functions;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Pages;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Tests.Functions.Api;

/// <summary>Holds functions, table of routes, description and docs/api.md together.</summary>
public sealed class ApiContractTests
{
    static readonly string[] Docs = File.ReadAllLines(Path.Combine(Root(), "docs", "api.md"));

    [Fact]
    public void Table_NamesExactlyTheHttpFunctions()
    {
        var functions = typeof(GwbCloudServices).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
            .Select(method => (
                method.GetCustomAttribute<FunctionAttribute>()?.Name,
                Trigger: method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(trigger => trigger is not null)))
            .Where(function => function.Trigger is not null)
            .Select(function => $"{function.Name} {function.Trigger!.Methods?.SingleOrDefault()?.ToUpperInvariant() ?? "ANY"} {function.Trigger.Route}");

        Assert.Equal(
            ApiRoutes.All.Concat(PageRoutes.All).Select(route => $"{route.Function} {route.Method} {route.Template}").Order(StringComparer.Ordinal),
            functions.Order(StringComparer.Ordinal));
    }

    /// <summary>The Functions host takes the first route that fits, in the order of the functions' names, and asks for no precedence.</summary>
    [Fact]
    public void Routes_ThatOverlap_AreTriedInTheOrderOfTheirNames()
    {
        var all = ApiRoutes.All.Concat(PageRoutes.All).OrderBy(route => route.Function, StringComparer.OrdinalIgnoreCase).ToList();

        for (var late = 0; late < all.Count; late++)
        {
            // A literal that a parameter before it would swallow.
            Assert.DoesNotContain(all.Take(late), early => early.Method == all[late].Method && Swallows(early.Template, all[late].Template));
        }

        Assert.Equal("{*path}", all[^1].Template);

        static bool Swallows(string early, string late)
        {
            var (first, second) = (early.Split('/'), late.Split('/'));
            return first.Length == second.Length && first.Zip(second).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
        }
    }

    [Fact]
    public void Pages_AreInTheDocs()
    {
        var expected = PageRoutes.All.Select(route => $"| `/api/{route.Template}` | {(route.Access == Access.Anyone ? "everybody" : "any role")} | {route.Summary} |");

        Assert.Equal(expected, File.ReadAllLines(Path.Combine(Root(), "docs", "pages.md")).Where(line => line.StartsWith("| `/api/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Routes_AreInTheDocsWithTheirRoles()
    {
        var expected = ApiRoutes.All.Select(route =>
            $"| {route.Method} | `/api/{route.Template}` | {(route.Access == Access.Anyone ? "none" : route.Access == Access.Reader ? "any role" : $"Migration.{route.Access}")} | "
            + $"{route.Summary}{(route.Paged ? " Paged." : "")} |");

        Assert.Equal(expected, Docs.Where(line => line.StartsWith("| GET", StringComparison.Ordinal) || line.StartsWith("| POST", StringComparison.Ordinal)));
    }

    [Fact]
    public void Verbs_AreInTheDocsWithTheirStates()
    {
        foreach (var action in Enum.GetValues<OperatorAction>())
        {
            var states = Enum.GetValues<VerbState>().Select(state => MigrationVerbs.Refusal(state, action) is null ? "202" : "409");

            Assert.Contains($"| {action.ToString().ToLowerInvariant()} | {string.Join(" | ", states)} |", Docs);
        }
    }

    [Fact]
    public void Errors_AreInTheDocsWordForWord()
    {
        var expected = ErrorTable.Own.OrderBy(error => error.Code, StringComparer.Ordinal)
            .Select(error => $"| {error.Code} | {error.Message} | {error.Cause} | {error.Remedy} |");

        Assert.Equal(expected, Docs.Where(line => line.StartsWith("| GWB", StringComparison.Ordinal)));
    }

    [Fact]
    public void Errors_AreAllInTheirTables()
    {
        var declared = typeof(ErrorTable).Assembly.GetTypes().Where(type => type.Namespace == typeof(ErrorTable).Namespace)
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(field => field.GetValue(null)).OfType<GwbCloud.Contracts.ErrorEntry>();

        Assert.Equal(declared.Select(error => error.Code).Order(StringComparer.Ordinal), ErrorTable.Own.Select(error => error.Code).Order(StringComparer.Ordinal));
        Assert.Equal(ErrorTable.Own.Count, ErrorTable.Own.DistinctBy(error => error.Code).Count());
    }

    [Fact]
    public void Description_HasEveryRouteWithItsBodies()
    {
        var paths = ApiDescription.Build("1")["paths"]!.AsObject();

        foreach (var route in ApiRoutes.All)
        {
            var operation = paths[$"/api/{route.Template}"]![route.Method == "POST" ? "post" : "get"]!;
            Assert.Equal(route.Function, operation["operationId"]!.GetValue<string>());
            Assert.Equal(route.Body is not null, operation["requestBody"] is not null);
            Assert.Equal(route.Template.Count(c => c == '{') + (route.Paged ? 2 : 0) + route.Query.Count, operation["parameters"]!.AsArray().Count);
        }

        var start = paths["/api/migrations"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!.AsObject();
        Assert.Equal(["assessmentId", "planHash", "confirm", "window", "proof"], start.Select(property => property.Key));
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
