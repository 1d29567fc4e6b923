using System.Reflection;
using GwbCloud.Embedded.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Embedded.Hosting;

/// <summary>All functions of an assembly. What Azure would mangle without an error is refused here, by the function's name.</summary>
sealed class FunctionCatalog
{
    readonly Dictionary<string, FunctionMethod> _byName = new(StringComparer.OrdinalIgnoreCase);

    FunctionCatalog()
    {
    }

    public IEnumerable<FunctionMethod> Http => _byName.Values.Where(f => f.Trigger == FunctionTrigger.Http);

    public FunctionMethod? Find(string name, FunctionTrigger trigger) => _byName.GetValueOrDefault(name) is { } f && f.Trigger == trigger ? f : null;

    /// <exception cref="EmbeddedHostException">At least one function would not work on Azure; the message lists all of them.</exception>
    public static FunctionCatalog Of(Assembly assembly) => Of(assembly.GetTypes().Where(t => !t.ContainsGenericParameters));

    /// <inheritdoc cref="Of(Assembly)"/>
    public static FunctionCatalog Of(IEnumerable<Type> types)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var catalog = new FunctionCatalog();
        var faults = new List<string>();
        foreach (var method in types.SelectMany(t => t.GetMethods(All)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } function) { continue; }
            var found = Judge(function.Name, method).ToList();
            faults.AddRange(found.Select(f => $"{function.Name} ({method.DeclaringType!.Name}.{method.Name}): {f}"));
            if (found.Count > 0) { continue; }
            if (!catalog._byName.TryAdd(function.Name, Describe(function.Name, method)))
            {
                faults.Add($"{function.Name} ({method.DeclaringType!.Name}.{method.Name}): another function has this name");
            }
        }
        return faults.Count == 0 ? catalog : throw new EmbeddedHostException("These functions would not work on Azure:\n" + string.Join('\n', faults));
    }

    static FunctionMethod Describe(string name, MethodInfo method)
    {
        var trigger = method.GetParameters().Single(IsTrigger);
        var http = trigger.GetCustomAttribute<HttpTriggerAttribute>();
        var kind = http is not null ? FunctionTrigger.Http
            : trigger.IsDefined(typeof(ActivityTriggerAttribute)) ? FunctionTrigger.Activity
            : FunctionTrigger.Orchestration;
        return new(name, kind, method, trigger, http is null ? null : http.Route ?? name, http?.Methods is { Length: > 0 } methods ? [.. methods.Select(m => m.ToUpperInvariant())] : null);
    }

    static bool IsTrigger(ParameterInfo p)
        => p.IsDefined(typeof(HttpTriggerAttribute)) || p.IsDefined(typeof(OrchestrationTriggerAttribute)) || p.IsDefined(typeof(ActivityTriggerAttribute));

    static IEnumerable<string> Judge(string name, MethodInfo method)
    {
        if (!method.IsPublic || !(method.DeclaringType!.IsPublic || method.DeclaringType.IsNestedPublic)) { yield return "method and class must be public"; }
        if (string.IsNullOrWhiteSpace(name) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) { yield return "the name must be letters, digits, '_' and '-'"; }
        var triggers = method.GetParameters().Where(IsTrigger).ToList();
        if (triggers is not [var trigger])
        {
            yield return "exactly one parameter must carry a trigger attribute that this host knows";
            yield break;
        }
        if (trigger.GetCustomAttribute<HttpTriggerAttribute>() is { } http)
        {
            foreach (string fault in JudgeHttp(method, trigger, http.Route ?? name)) { yield return fault; }
        }
        else if (trigger.IsDefined(typeof(OrchestrationTriggerAttribute)))
        {
            foreach (string fault in JudgeOrchestrator(method, trigger)) { yield return fault; }
        }
        else
        {
            foreach (string fault in JudgeActivity(method, trigger)) { yield return fault; }
        }
    }

    static IEnumerable<string> JudgeHttp(MethodInfo method, ParameterInfo trigger, string route)
    {
        if (trigger.ParameterType != typeof(HttpRequest)) { yield return $"the HTTP trigger must be an HttpRequest, not {trigger.ParameterType.Name}"; }
        var result = FunctionMethod.ResultType(method);
        if (result is null || !typeof(IResult).IsAssignableFrom(result)) { yield return "an HTTP function must return Task<IResult>"; }
        var values = RoutePatternFactory.Parse(route).Parameters.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var p in method.GetParameters().Where(p => p.Position != trigger.Position))
        {
            if (p.GetCustomAttributes().Any(a => a.GetType().Name == "FromBodyAttribute"))
            {
                yield return $"'{p.Name}' is bound with [FromBody], which fails the invocation on bad input instead of answering 400; read the HttpRequest";
            }
            else if (values.Contains(p.Name!))
            {
                if (p.ParameterType != typeof(string)) { yield return $"the route value '{p.Name}' must be a string: a typed one fails the invocation on bad input instead of answering 400"; }
            }
            else if (p.IsDefined(typeof(DurableClientAttribute)))
            {
                if (p.ParameterType != typeof(DurableTaskClient)) { yield return $"'{p.Name}' must be a DurableTaskClient"; }
            }
            else if (p.ParameterType != typeof(CancellationToken))
            {
                yield return $"nothing can be bound to '{p.Name}' ({p.ParameterType.Name})";
            }
        }
    }

    static IEnumerable<string> JudgeOrchestrator(MethodInfo method, ParameterInfo trigger)
    {
        if (trigger.ParameterType != typeof(TaskOrchestrationContext)) { yield return $"the orchestration trigger must be a TaskOrchestrationContext, not {trigger.ParameterType.Name}"; }
        if (!typeof(Task).IsAssignableFrom(method.ReturnType)) { yield return "an orchestrator must return a Task"; }
        var others = method.GetParameters().Where(p => p.Position != trigger.Position).ToList();
        if (others.Count > 1) { yield return "an orchestrator takes its context and at most one input"; }
        foreach (var p in others)
        {
            if (p.ParameterType == typeof(CancellationToken) || p.IsDefined(typeof(DurableClientAttribute))) { yield return $"an orchestrator can't take '{p.Name}' ({p.ParameterType.Name})"; }
            else if (PayloadTypes.WhyNotAsInput(p.ParameterType) is { } reason) { yield return $"the input '{p.Name}' ({Short(p.ParameterType)}) {reason}; use a concrete record"; }
        }
        foreach (string fault in JudgeOutput(method)) { yield return fault; }
    }

    static IEnumerable<string> JudgeActivity(MethodInfo method, ParameterInfo trigger)
    {
        if (PayloadTypes.WhyNotAsInput(trigger.ParameterType) is { } reason) { yield return $"the input '{trigger.Name}' ({Short(trigger.ParameterType)}) {reason}; use a concrete record"; }
        foreach (var p in method.GetParameters().Where(p => p.Position != trigger.Position && p.ParameterType != typeof(CancellationToken)))
        {
            bool client = p.IsDefined(typeof(DurableClientAttribute)) && p.ParameterType == typeof(DurableTaskClient);
            bool id = p.ParameterType == typeof(string) && string.Equals(p.Name, "instanceId", StringComparison.OrdinalIgnoreCase);
            if (!client && !id) { yield return $"nothing can be bound to '{p.Name}' ({p.ParameterType.Name})"; }
        }
        foreach (string fault in JudgeOutput(method)) { yield return fault; }
    }

    static IEnumerable<string> JudgeOutput(MethodInfo method)
    {
        if (FunctionMethod.ResultType(method) is { } result && PayloadTypes.WhyNotAsOutput(result) is { } reason) { yield return $"the result ({Short(result)}) {reason}"; }
    }

    static string Short(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? inner.Name + "?" : type.Name.Split('`')[0];
}
