using System.Globalization;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>Turns the lineage of connector space objects, which names rules by their internal identifiers, into outbound rules. Pure.</summary>
sealed class LineageReading
{
    readonly Dictionary<string, RuleValue> _rules = new(StringComparer.OrdinalIgnoreCase);

    public LineageReading(IReadOnlyList<RuleValue> rules)
    {
        foreach (var rule in rules)
        {
            _rules[rule.InternalIdentifier] = rule;
            _rules.TryAdd(rule.Identifier.ToString(), rule);
        }
    }

    public ConnectorSpaceGroup GroupOf(GroupValue group)
    {
        var lineage = group.Lineage.Where(IsOutbound).ToList();
        return new()
        {
            DistinguishedName = group.Dn,
            Anchor = group.Anchor,
            MailEnabled = group.Mail,
            Security = int.TryParse(group.GroupType, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int type) ? type < 0 : null,
            Lineage = [.. lineage.Select(step => step.Name)],
            LineageRules = [.. lineage.Select(IdentifierOf)],
        };
    }

    // Inbound rules of the connector say what the object gives, not who writes it. One that nobody knows may write.
    bool IsOutbound(LineageValue step) => !_rules.TryGetValue(step.Rule, out var rule) || !rule.Direction.Equals("Inbound", StringComparison.OrdinalIgnoreCase);

    Guid IdentifierOf(LineageValue step) => _rules.TryGetValue(step.Rule, out var rule) ? rule.Identifier : Guid.TryParse(step.Rule, out var unknown) ? unknown : Guid.Empty;
}
