using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Operations.Writeback;

/// <summary>Plans whether new Microsoft 365 groups are written back. Pure.</summary>
static class NewGroupsPlanner
{
    /// <param name="terms">What is wished.</param>
    /// <param name="now">As the setting reads, in the port's words.</param>
    /// <param name="servers">What the servers say.</param>
    public static (OperationDraft Draft, ValueChange? Change) Plan(NewGroupsTerms terms, string now, ServerSight servers)
    {
        var off = terms.Writeback == WritebackWish.Off;
        var isOff = now == WritebackWords.Off;
        var draft = new OperationDraft
        {
            Facts = [new("Setting Group.Unified", now switch { UnifiedSettingPort.Absent => "there is none; new groups are written back", WritebackWords.Off => "off", _ => "on" }), .. WritebackText.Facts(servers)],
            AlreadySo = off == isOff ? 1 : 0,
            Consequences =
            [
                off ? "Microsoft 365 groups that are made from then on are not written to Active Directory, unless somebody switches one on."
                    : "Microsoft 365 groups that are made from then on are written to Active Directory.",
                "Groups that are there already keep what they have.",
                .. servers.Version2 == false ? ["As long as version 2 of group writeback is off it has no effect: version 1 writes every Microsoft 365 group."] : (string[])[],
                .. now == UnifiedSettingPort.Absent && off ? ["The directory setting Group.Unified is made, with the template's own value for everything else in it."] : (string[])[],
            ],
            Undo = now == UnifiedSettingPort.Absent ? "Removes the setting that was made. Where somebody has put other values into it since, it stays, and only this value goes back to on."
                : "Gives the setting back the value that it had.",
        };
        return off == isOff
            ? (draft, null)
            : (draft, new() { Target = UnifiedSettingPort.Target, Name = UnifiedSettingPort.ValueName, Before = now, After = off ? WritebackWords.Off : WritebackWords.On });
    }
}

/// <summary>
/// Plans whether existing Microsoft 365 groups are written back. Groups pass one after another and are not kept; only numbers are, and what is left out.
/// Decides without I/O.
/// </summary>
sealed class ExistingGroupsPlanner
{
    readonly bool _off;
    readonly ServerSight _servers;
    readonly int _approvalFrom;
    readonly HashSet<Guid>? _selected;
    readonly HashSet<Guid> _seen = [];
    readonly List<LeftValue> _leftOut = [];
    int _all, _changes, _already, _offNow;

    public ExistingGroupsPlanner(ExistingGroupsTerms terms, ServerSight servers, int approvalFrom)
    {
        (_off, _servers, _approvalFrom) = (terms.Writeback == WritebackWish.Off, servers, approvalFrom);
        _selected = terms.Groups is { } groups ? [.. groups] : null;
    }

    /// <summary>What was asked for and is not changed.</summary>
    public IReadOnlyList<LeftValue> LeftOut => _leftOut;

    /// <summary>The change that a group needs, or null.</summary>
    public ValueChange? Take(CloudGroupFacts group)
    {
        // A list that is read page by page may show a group twice.
        if (!group.Unified || !_seen.Add(group.Id)) { return null; }
        var now = WritebackWords.Of(group.WritebackEnabled);
        _all++;
        _offNow += now == WritebackWords.Off ? 1 : 0;
        if (_selected is not null && !_selected.Contains(group.Id)) { return null; }
        if (_off == (now == WritebackWords.Off))
        {
            _already++;
            return null;
        }

        if ((group.RoleAssignable ? "roles can be assigned to it, and the app may not change such a group" : group.OnPremisesSynced ? "it comes from Active Directory" : null) is { } why)
        {
            _leftOut.Add(new() { Target = group.Id.ToString("D"), Name = group.DisplayName, Why = why });
            return null;
        }

        _changes++;
        return new() { Target = group.Id.ToString("D"), Name = group.DisplayName, Before = now, After = _off ? WritebackWords.Off : WritebackWords.On };
    }

    /// <summary>The plan, after the last group.</summary>
    public OperationDraft Finish()
    {
        _leftOut.AddRange(_selected?.Except(_seen).Order().Select(id => new LeftValue { Target = id.ToString("D"), Why = "no Microsoft 365 group has this id" }) ?? []);
        return new()
        {
            Facts =
            [
                new("Microsoft 365 groups", Words.Number(_all)),
                new("of these not written back", Words.Number(_offNow)),
                new("already as asked for", Words.Number(_already)),
                .. WritebackText.Facts(_servers),
            ],
            AlreadySo = _already,
            Consequences = [.. Consequences()],
            Dangers = _changes == 0 ? [] : [.. Dangers()],
            Undo = !_off ? "Gives each group exactly the value that it had. It is refused while the delete-on-disable rule is in force: switching off is planned and approved by itself then."
                : _servers.DeleteRuleOn.Count > 0
                ? "Gives each group the value that it had. Objects that were deleted meanwhile do not come back by that: new ones are made, unless they are restored from the Recycle Bin before."
                : "Gives each group exactly the value that it had; one that had none has none again. Groups that somebody changed since are left alone.",
        };
    }

    IEnumerable<string> Consequences()
    {
        yield return _off ? $"{Words.Number(_changes)} Microsoft 365 groups are no longer written to Active Directory." : $"{Words.Number(_changes)} Microsoft 365 groups are written to Active Directory.";
        if (_servers.Version2 == false)
        {
            yield return "As long as version 2 of group writeback is off it has no effect: version 1 writes every Microsoft 365 group.";
        }
        else if (!_off)
        {
            yield return "The next cycles of Connect make the objects that are not there, and those that are follow Entra again.";
        }
        else if (_servers.DeleteRuleOn.Count == 0)
        {
            yield return "Objects that are there stay, and no longer follow Entra: neither names nor members.";
        }

        if (_off && _selected is null && _servers.Version1 == true)
        {
            yield return "Where writeback has been in use, review what Active Directory still needs, and select groups rather than take all.";
        }
    }

    IEnumerable<string> Dangers()
    {
        foreach (var danger in _off ? DangersOfOff(_servers) : DangersOfIgnorance(_servers)) { yield return danger; }
        if (_changes >= _approvalFrom)
        {
            yield return $"{Words.Number(_changes)} groups are changed at once.";
        }
    }

    /// <summary>What is dangerous about switching any group off, as servers are now.</summary>
    public static IEnumerable<string> DangersOfOff(ServerSight servers) => servers.DeleteRuleOn.Count == 0 ? DangersOfIgnorance(servers)
        : [$"The delete-on-disable rule is in force on {string.Join(", ", servers.DeleteRuleOn)}: the next cycle deletes the objects of these groups in Active Directory.", .. DangersOfIgnorance(servers)];

    static IEnumerable<string> DangersOfIgnorance(ServerSight servers)
    {
        if (servers.Silent.Count > 0 || servers.Version2 is null)
        {
            yield return servers.Silent.Count > 0
                ? $"{string.Join(", ", servers.Silent)} did not answer: nobody knows whether groups are deleted there."
                : "No server could say whether version 2 is on.";
        }
    }
}

static class WritebackText
{
    public static IEnumerable<OperationFact> Facts(ServerSight servers)
    {
        yield return new("Group writeback version 2", Flag(servers.Version2));
        yield return new("Group writeback version 1", Flag(servers.Version1));
        yield return new("Delete-on-disable rule", servers.DeleteRuleOn.Count == 0 ? "not in force" : $"in force on {string.Join(", ", servers.DeleteRuleOn)}");
        if (servers.Silent.Count > 0) { yield return new("Servers that did not answer", string.Join(", ", servers.Silent)); }
    }

    static string Flag(bool? value) => value switch { true => "on", false => "off", null => "not known" };
}
