using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Embedded.Hosting;

/// <summary>What starts a function.</summary>
enum FunctionTrigger
{
    Orchestration,
    Activity,
    Http,
}

/// <summary>A method with <c>[Function]</c>, and how it is called.</summary>
sealed class FunctionMethod(string name, FunctionTrigger trigger, MethodInfo method, ParameterInfo triggerParameter, string? route, IReadOnlyList<string>? httpMethods)
{
    readonly ObjectFactory? _create = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes);
    readonly PropertyInfo? _result = ResultType(method) is null || !method.ReturnType.IsGenericType ? null : method.ReturnType.GetProperty("Result");

    public string Name { get; } = name;

    public FunctionTrigger Trigger { get; } = trigger;

    public MethodInfo Method { get; } = method;

    /// <summary>Compare its position: reflection may give another object for the same parameter while two threads ask for the first time.</summary>
    public ParameterInfo TriggerParameter { get; } = triggerParameter;

    /// <summary>The route below the prefix; HTTP functions only.</summary>
    public string? Route { get; } = route;

    /// <summary>The HTTP methods; null for all.</summary>
    public IReadOnlyList<string>? HttpMethods { get; } = httpMethods;

    public IReadOnlyList<ParameterInfo> Parameters { get; } = method.GetParameters();

    /// <summary>The type within the task, or the plain return type; null for none.</summary>
    public static Type? ResultType(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void) || type == typeof(Task)) { return null; }
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type.GetGenericArguments()[0] : type;
    }

    /// <summary>Makes the class from the services, calls the method and unwraps its task. Continues on the caller's context.</summary>
    public async Task<object?> InvokeAsync(IServiceProvider services, Func<ParameterInfo, object?> bind)
    {
        object? target = _create?.Invoke(services, []);
        try
        {
            object?[] arguments = [.. Parameters.Select(bind)];
            object? returned = Method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            if (returned is not Task task) { return returned; }
            await task;
            return _result?.GetValue(task);
        }
        finally
        {
            (target as IDisposable)?.Dispose();
        }
    }
}
