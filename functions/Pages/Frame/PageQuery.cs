using GwbCloud.Functions.Api;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Pages;

/// <summary>Query values as forms send them: a choice that was left alone comes as an empty value.</summary>
static class PageQuery
{
    public static T? Optional<T>(HttpRequest request, string name)
        where T : struct, Enum => IsEmpty(request, name) ? null : RequestReader.ReadOptional<T>(request, name);

    public static string? Optional(HttpRequest request, string name, params IEnumerable<string> choices) =>
        IsEmpty(request, name) ? null : RequestReader.ReadOptional(request, name, choices);

    static bool IsEmpty(HttpRequest request, string name) => request.Query[name] is [] or [null or ""];
}
