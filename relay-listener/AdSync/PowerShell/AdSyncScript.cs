using System.Collections.Concurrent;
using System.Reflection;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>What an operation does to the server, and so whether it may be ended in the middle.</summary>
enum ScriptEffect
{
    /// <summary>Nothing; ended when nobody waits for it any more.</summary>
    Read,

    /// <summary>Something; once started, it is waited for until its time limit.</summary>
    Change,
}

/// <summary>An operation on the Connect server: the script file of that name in Scripts, embedded in this assembly.</summary>
sealed record AdSyncScript(string Name, ScriptEffect Effect)
{
    const string Folder = "GwbCloud.RelayListener.AdSync.PowerShell.Scripts.";

    static readonly ConcurrentDictionary<string, string> Texts = new();

    public static readonly AdSyncScript GetHost = new("GetHost", ScriptEffect.Read);
    public static readonly AdSyncScript GetScheduler = new("GetScheduler", ScriptEffect.Read);
    public static readonly AdSyncScript SetScheduler = new("SetScheduler", ScriptEffect.Change);
    public static readonly AdSyncScript GetAutoUpgrade = new("GetAutoUpgrade", ScriptEffect.Read);
    public static readonly AdSyncScript SetAutoUpgrade = new("SetAutoUpgrade", ScriptEffect.Change);
    public static readonly AdSyncScript StartCycle = new("StartCycle", ScriptEffect.Change);
    public static readonly AdSyncScript StopCycle = new("StopCycle", ScriptEffect.Change);
    public static readonly AdSyncScript RunProfile = new("RunProfile", ScriptEffect.Change);
    public static readonly AdSyncScript GetRuns = new("GetRuns", ScriptEffect.Read);
    public static readonly AdSyncScript GetRules = new("GetRules", ScriptEffect.Read);
    public static readonly AdSyncScript AddRule = new("AddRule", ScriptEffect.Change);
    public static readonly AdSyncScript SetRuleDisabled = new("SetRuleDisabled", ScriptEffect.Change);
    public static readonly AdSyncScript RemoveRule = new("RemoveRule", ScriptEffect.Change);
    public static readonly AdSyncScript GetFeatures = new("GetFeatures", ScriptEffect.Read);
    public static readonly AdSyncScript DisableGroupWritebackV2 = new("DisableGroupWritebackV2", ScriptEffect.Change);
    public static readonly AdSyncScript SetStaging = new("SetStaging", ScriptEffect.Change);
    public static readonly AdSyncScript GetGroups = new("GetGroups", ScriptEffect.Read);
    public static readonly AdSyncScript ExportPending = new("ExportPending", ScriptEffect.Read);
    public static readonly AdSyncScript GetPending = new("GetPending", ScriptEffect.Read);
    public static readonly AdSyncScript GetWritebackAccess = new("GetWritebackAccess", ScriptEffect.Read);
    public static readonly AdSyncScript GrantWritebackAccess = new("GrantWritebackAccess", ScriptEffect.Change);
    public static readonly AdSyncScript RevokeWritebackAccess = new("RevokeWritebackAccess", ScriptEffect.Change);

    /// <summary>Every operation.</summary>
    public static IReadOnlyList<AdSyncScript> All { get; } =
    [
        GetHost, GetScheduler, SetScheduler, GetAutoUpgrade, SetAutoUpgrade, StartCycle, StopCycle, RunProfile, GetRuns, GetRules, AddRule,
        SetRuleDisabled, RemoveRule, GetFeatures, DisableGroupWritebackV2, SetStaging, GetGroups, ExportPending, GetPending, GetWritebackAccess,
        GrantWritebackAccess, RevokeWritebackAccess,
    ];

    /// <summary>What every operation starts with: strictness, quiet streams, the module, the answer.</summary>
    public static string Prologue => TextOf("Prologue");

    public string Text => TextOf(Name);

    static string TextOf(string name) => Texts.GetOrAdd(name, static name =>
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Folder}{name}.ps1")
            ?? throw new InvalidOperationException($"{name}.ps1 is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });
}
