namespace GwbCloud.RelayListener.AdSync.PowerShell;

// The values of the scripts' answers, as the scripts write them; what IAdSync promises is made of them in PowerShellAdSync.

sealed record HostValue
{
    public required string Machine { get; init; }
    public required string Version { get; init; }
    public required bool Interactive { get; init; }
    public required string Container { get; init; }
    public required string Forest { get; init; }

    /// <summary>The optional feature as the settings write it: True or False; empty where they do not have it.</summary>
    public string Chosen { get; init; } = "";
    public required IReadOnlyList<ConnectorValue> Connectors { get; init; }
}

sealed record ConnectorValue
{
    public required string Name { get; init; }
    public required Guid Id { get; init; }

    /// <summary>AD or Extensible2.</summary>
    public required string Type { get; init; }
    public required IReadOnlyList<PartitionValue> Partitions { get; init; }
}

sealed record PartitionValue
{
    public required string Dn { get; init; }
    public required bool Selected { get; init; }
    public required IReadOnlyList<string> Included { get; init; }
    public required IReadOnlyList<string> Excluded { get; init; }
}

sealed record SchedulerValue
{
    public required bool SyncCycleEnabled { get; init; }
    public required bool StagingModeEnabled { get; init; }
    public required bool SchedulerSuspended { get; init; }
    public required bool SyncCycleInProgress { get; init; }
    public required double IntervalSeconds { get; init; }
}

sealed record AutoUpgradeValue
{
    public required string State { get; init; }
}

sealed record RunsValue
{
    public required IReadOnlyList<RunValue> Runs { get; init; }
}

sealed record RunValue
{
    public required string Connector { get; init; }
    public required string Profile { get; init; }
    public required string Result { get; init; }
    public required DateTimeOffset Start { get; init; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Objects in error: an identifier of the object and the kind of error.</summary>
    public required IReadOnlyList<RunErrorValue> Errors { get; init; }
}

sealed record RunErrorValue
{
    public required string Object { get; init; }
    public required string Kind { get; init; }

    /// <summary>Distinguished name, where the list has one.</summary>
    public string? Dn { get; init; }
}

sealed record RulesValue
{
    public required IReadOnlyList<RuleValue> Rules { get; init; }
}

sealed record RuleValue
{
    public required Guid Identifier { get; init; }

    /// <summary>What the lineage of an object names a rule by.</summary>
    public required string InternalIdentifier { get; init; }
    public required string Name { get; init; }
    public required string Description { get; init; }
    public required string Direction { get; init; }
    public required string Link { get; init; }
    public required Guid Connector { get; init; }
    public required int Precedence { get; init; }
    public required string SourceObjectType { get; init; }
    public required string TargetObjectType { get; init; }
    public required bool Disabled { get; init; }
    public required bool Standard { get; init; }
    public required string ImmutableTag { get; init; }
    public required int SoftDeleteExpirySeconds { get; init; }
    public required IReadOnlyList<ScopeGroupValue> Scope { get; init; }
    public required IReadOnlyList<FlowValue> Flows { get; init; }
    public required IReadOnlyList<string> Joins { get; init; }
}

/// <summary>Conditions joined by AND; several groups are joined by OR.</summary>
sealed record ScopeGroupValue
{
    public required IReadOnlyList<ConditionValue> Conditions { get; init; }
}

sealed record ConditionValue
{
    public required string Attribute { get; init; }
    public required string Operator { get; init; }
    public required string Value { get; init; }
}

sealed record FlowValue
{
    public required string Destination { get; init; }
    public required string Type { get; init; }
    public required string Source { get; init; }
    public required string Merge { get; init; }
    public required bool Once { get; init; }
}

sealed record FeaturesValue
{
    public bool? GroupWritebackV2 { get; init; }
    public bool? UnifiedGroupWriteback { get; init; }
}

sealed record GroupsValue
{
    /// <summary>Objects of any type that the page held; fewer than asked for ends the space.</summary>
    public required int Scanned { get; init; }
    public required IReadOnlyList<GroupValue> Groups { get; init; }
}

sealed record GroupValue
{
    public required string Dn { get; init; }
    public string? Anchor { get; init; }
    public required bool Mail { get; init; }

    /// <summary>The bits of groupType as a number, or null.</summary>
    public string? GroupType { get; init; }
    public required IReadOnlyList<LineageValue> Lineage { get; init; }
}

sealed record LineageValue
{
    public required string Rule { get; init; }
    public required string Name { get; init; }
}

sealed record ExportFileValue
{
    /// <summary>False where this host has no csexport.</summary>
    public required bool Available { get; init; }
}

sealed record PendingValue
{
    public required int Scanned { get; init; }

    /// <summary>The serialised connector space objects that have a pending export, one XML document each.</summary>
    public required IReadOnlyList<string> Objects { get; init; }
}

sealed record AccessValue
{
    public required IReadOnlyList<AccessEntryValue> Entries { get; init; }
}

sealed record AccessEntryValue
{
    /// <summary>Distinguished name of the object that has it.</summary>
    public required string On { get; init; }
    public required string Entry { get; init; }
}

/// <summary>The answer of a script that only does something.</summary>
sealed record DoneValue
{
    public required bool Done { get; init; }
}
