using System.Text.Json;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>Makes of Get-ADSyncRule's values the rules that handlers compare. Pure.</summary>
static class RuleReading
{
    /// <summary>Stands between two scope groups: the product's rules have one, so a rule with two never compares equal.</summary>
    static readonly ScopeCondition Or = new() { Attribute = "", Operator = "OR", Value = "" };

    public static SyncRule RuleOf(RuleValue rule) => new()
    {
        Identifier = rule.Identifier,
        Name = rule.Name,
        Direction = Parse<RuleDirection>(rule.Direction),
        Link = Parse<RuleLink>(rule.Link),
        Connector = rule.Connector,
        Precedence = rule.Precedence,
        SourceObjectType = rule.SourceObjectType,
        TargetObjectType = rule.TargetObjectType,
        Disabled = rule.Disabled,
        IsStandardRule = rule.Standard,
        Description = rule.Description,
        ImmutableTag = rule.ImmutableTag,
        SoftDeleteExpirySeconds = rule.SoftDeleteExpirySeconds,
        Scope =
        [
            .. rule.Scope.SelectMany((group, index) => group.Conditions
                .Select(condition => new ScopeCondition { Attribute = condition.Attribute, Operator = condition.Operator, Value = condition.Value })
                .Prepend(Or).Skip(index == 0 ? 1 : 0)),
        ],
        Flows =
        [
            .. rule.Flows.Select(flow => new RuleFlow
            {
                Destination = flow.Destination, FlowType = flow.Type, Source = flow.Source, ValueMergeType = flow.Merge, ExecuteOnce = flow.Once,
            }),
        ],
        JoinConditions = rule.Joins,
    };

    /// <summary>A rule of a kind that nobody knows is told rather than taken for another.</summary>
    static T Parse<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value : throw new JsonException($"{typeof(T).Name} {text} is not known.");
}
