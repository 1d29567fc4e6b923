using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.CloudSync;

/// <summary>One cycle, and one group of it: scope, match, create, update, delete.</summary>
sealed class GroupProvisioner
{
    const int DefaultThreshold = 500;
    const int OnDemandMembers = 5;

    // Groups that a job has seen as they are now, so that a cycle over thousands of unchanged ones costs nothing. Looking again finds nothing:
    // what a cycle does follows from the tables alone, also after a restart.
    readonly Dictionary<string, Seen> _seen = [];
    readonly SimulatedWorld _world;

    public GroupProvisioner(SimulatedWorld world)
    {
        _world = world;
        // What groups hold in extensions counts, or no longer counts, when their application changes.
        world.Applications.Changed += (_, _, _) => _seen.Clear();
    }

    public CycleResult Cycle(WorldChange change, JobState job)
    {
        var run = Begin(job);
        if (Unserved(job) is not null)
        {
            return new CycleResult { Errors = 1 };
        }

        if (!run.Schema.Enabled)
        {
            return new CycleResult();
        }

        if (job.NeedsInitial)
        {
            _seen.Clear();
        }

        var cycleId = _world.NewId("cycle", string.Create(CultureInfo.InvariantCulture, $"{job.Id}#{job.Cycles}")).ToString("D");
        var reason = DeleteWhatLeft(change, run, cycleId);
        if (reason is not null)
        {
            return new CycleResult { QuarantineReason = reason };
        }

        var (errors, exports) = (0, 0);
        // Children before parents, so that the reference to a child that is new in this cycle can be written in it.
        foreach (var group in Candidates(run).Where(g => IsNews(run, g) && Belongs(run, g) == Scope.In).OrderBy(g => Depth(g, 0)).ThenBy(g => g.Id).ToList())
        {
            if (_world.Suffers(Sabotage.Escrow) && group.WritebackEnabled == true && group.Id.ToByteArray()[^1] % 8 == 0)
            {
                errors++;
                continue;
            }

            var outcome = Provision(change, run, group, onDemand: null);
            if (outcome.Status == "failure")
            {
                errors++;
            }
            else
            {
                _seen[CloudSyncLink.Key(job.Id, group.Id)] = new Seen(group, run.Schema, job.MembersSwitch);
            }

            exports += outcome.Status == "success" ? 1 : 0;
            Log(change, job, cycleId, group.Id, outcome);
        }

        return new CycleResult { Errors = errors, Exports = exports, Entitled = run.Assigned?.Count ?? _world.Links.Values.Count(l => l.JobId == job.Id) };
    }

    public ProvisioningOutcome OnDemand(WorldChange change, JobState job, Guid groupId, IReadOnlyList<Guid> members)
    {
        var run = Begin(job);
        if (Unserved(job) is { } unserved)
        {
            return ProvisioningOutcome.Failed(unserved, "Import");
        }

        if (_world.Groups.Find(groupId) is not { DeletedAt: null } group)
        {
            return ProvisioningOutcome.Failed("ObjectNotFound", "Import");
        }

        var outcome = Belongs(run, group) == Scope.In
            ? Provision(change, run, group, [.. members.Take(OnDemandMembers)])
            : ProvisioningOutcome.NotInScope;
        var cycleId = _world.NewId("onDemand", string.Create(CultureInfo.InvariantCulture, $"{job.Id}#{_world.NextNumber(change, "onDemand")}"));
        Log(change, job, cycleId.ToString("D"), groupId, outcome);
        return outcome;
    }

    /// <summary>Why no agent can carry out what the job wants; null when one can.</summary>
    string? Unserved(JobState job) =>
        !_world.ForestFacts.Domain.Equals(CloudSyncEngine.DomainOf(job.Secrets), StringComparison.OrdinalIgnoreCase) ? CloudSyncErrors.NoAgents
        : _world.ForestFacts.Agents.All(a => a.Active is false) ? CloudSyncErrors.NoActiveAgents
        : null;

    Run Begin(JobState job) => new(
        job,
        SyncSchema.Parse(job.Schema),
        SyncsAll(job) ? null : [.. _world.Assignments.Values.Where(a => a.ServicePrincipalId == job.ServicePrincipalId).Select(a => a.GroupId)]);

    IEnumerable<CloudGroup> Candidates(Run run) => run.Assigned is null ? _world.Groups.Values : run.Assigned.Select(_world.Groups.Find).OfType<CloudGroup>();

    bool IsNews(Run run, CloudGroup group) =>
        PutsRight(run.Job) || !_seen.TryGetValue(CloudSyncLink.Key(run.Job.Id, group.Id), out var seen) || seen != new Seen(group, run.Schema, run.Job.MembersSwitch);

    /// <summary>Under the sabotage Cloud Sync answers what Connect wrote, though later than Connect writes again.</summary>
    bool PutsRight(JobState job) => _world.Suffers(Sabotage.ConnectStillWrites) && job.Cycles % 3 == 0;

    static bool SyncsAll(JobState job) => job.Secrets.TryGetValue("SyncAll", out var all) && bool.TryParse(all, out var truth) && truth;

    Scope Belongs(Run run, CloudGroup group)
    {
        var attributes = Attributes(group);
        return !run.Schema.Scope.Reads(attributes) ? Scope.Unread
            // Always applied, whatever the job's own filter says.
            : group is { SecurityEnabled: true, MailEnabled: false, OnPremisesSynced: false, Unified: false }
                && (group.DeletedAt is null || !_world.Switches.SoftDeleteLeavesScope)
                && (run.Assigned is null || run.Assigned.Contains(group.Id))
                && run.Schema.Scope.Includes(attributes) ? Scope.In
            : Scope.Out;
    }

    /// <summary>Deletes the objects of groups that left the scope; the reason for quarantine when there are too many.</summary>
    string? DeleteWhatLeft(WorldChange change, Run run, string cycleId)
    {
        var job = run.Job;
        if (job.Secrets.TryGetValue("SkipOutOfScopeDeletions", out var skip) && bool.TryParse(skip, out var skips) && skips)
        {
            return null;
        }

        var gone = _world.Links.Values
            .Where(l => l.JobId == job.Id && (_world.Groups.Find(l.GroupId) is not { } group || Belongs(run, group) == Scope.Out)).ToList();
        var limit = job.ForceDeletes ? int.MaxValue : Threshold(job);
        foreach (var link in gone.Take(limit == int.MaxValue ? gone.Count : Math.Max(0, limit - 1)))
        {
            if (Delete(change, link) is { } outcome)
            {
                Log(change, job, cycleId, link.GroupId, outcome);
            }
        }

        return gone.Count >= limit ? CloudSyncErrors.TooManyDeletes : null;
    }

    ProvisioningOutcome? Delete(WorldChange change, CloudSyncLink link)
    {
        var key = CloudSyncLink.Key(link.JobId, link.GroupId);
        try
        {
            var living = _world.Forest.Find(link.ObjectGuid);
            if (living is not null)
            {
                DemandRights(_world.Forest.AgentMayWrite(living), living.DistinguishedName);
                _world.Forest.Delete(change, link.ObjectGuid);
            }

            _world.Links.Delete(change, key);
            _seen.Clear();
            return living is not null ? new ProvisioningOutcome { Action = "delete", Status = "success", EndedAt = "Export", ObjectGuid = link.ObjectGuid } : null;
        }
        catch (ForestException)
        {
            // Protected from accidental deletion: tried again in each cycle.
            return ProvisioningOutcome.Failed(CloudSyncErrors.InvalidParameter, "Export") with { Action = "delete", ObjectGuid = link.ObjectGuid };
        }
    }

    static int Threshold(JobState job)
    {
        try
        {
            var settings = job.Secrets.TryGetValue("SyncNotificationSettings", out var text) ? JsonNode.Parse(text) : null;
            return (bool?)settings?["DeleteThresholdEnabled"] == false ? int.MaxValue : (int?)settings?["DeleteThresholdValue"] ?? DefaultThreshold;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return DefaultThreshold;
        }
    }

    ProvisioningOutcome Provision(WorldChange change, Run run, CloudGroup group, IReadOnlyList<Guid>? onDemand)
    {
        try
        {
            return Export(change, run, group, onDemand);
        }
        catch (ForestException e) when (e.Refusal == ForestRefusal.AccessDenied)
        {
            return ProvisioningOutcome.Failed(CloudSyncErrors.AccessDenied, "Export");
        }
        catch (Exception e) when (e is ForestException or SchemaException)
        {
            // The directory refused the name, the container or a member; or an expression met a value that it can't take.
            return ProvisioningOutcome.Failed(CloudSyncErrors.InvalidParameter, "Export");
        }
    }

    ProvisioningOutcome Export(WorldChange change, Run run, CloudGroup group, IReadOnlyList<Guid>? onDemand)
    {
        var (job, schema) = (run.Job, run.Schema);
        var key = CloudSyncLink.Key(job.Id, group.Id);
        var link = _world.Links.Find(key);
        var attributes = Attributes(group);
        var values = schema.Mappings.Values.ToDictionary(m => m.Target, m => m.Value(attributes), StringComparer.OrdinalIgnoreCase);
        var expected = Writable(run, group, onDemand);
        var target = link is null ? null : _world.Forest.Find(link.ObjectGuid);
        var fingerprint = Fingerprint(values, expected);
        if (link is not null && link.Fingerprint == fingerprint && !PutsRight(job) && onDemand is null && (target is not null || !job.NeedsInitial))
        {
            // Nothing changed in Entra. That somebody deleted the object shows only when the group changes, or in an initial cycle.
            return Redundant(link.ObjectGuid);
        }

        if (target is null)
        {
            var matches = Match(job, schema, group, values);
            if (matches.Count > 1)
            {
                return ProvisioningOutcome.Failed(CloudSyncErrors.DuplicateEntries, "Matching");
            }

            target = matches.SingleOrDefault();
            link = null;
        }

        if (string.IsNullOrEmpty(values.GetValueOrDefault(SyncSchema.CommonName)) || string.IsNullOrEmpty(values.GetValueOrDefault(SyncSchema.Container)))
        {
            return ProvisioningOutcome.Failed(CloudSyncErrors.InvalidParameter, "Export");
        }

        var outcome = target is null ? Create(change, group, values, expected)
            : Update(change, schema, target, link, values, expected, onDemand is not null);
        if (link is null)
        {
            // Its parents can refer to it from now on.
            _seen.Clear();
        }

        _world.Links.Put(change, key, new CloudSyncLink
        {
            JobId = job.Id,
            GroupId = group.Id,
            ObjectGuid = outcome.ObjectGuid!.Value,
            Written = onDemand is null ? expected : link?.Written,
            Fingerprint = onDemand is null ? fingerprint : "",
        });
        return outcome;
    }

    ProvisioningOutcome Create(WorldChange change, CloudGroup group, Dictionary<string, string?> values, List<Guid> members)
    {
        DemandRights(_world.ForestFacts.AgentMayWriteOu, values[SyncSchema.Container]!);
        var made = _world.Forest.Create(change, new NewAdObject
        {
            Class = AdClass.Group,
            DistinguishedName = FreeName(values[SyncSchema.CommonName]!, values[SyncSchema.Container]!),
            // sAMAccountName is not mapped: Active Directory makes one up.
            SamAccountName = values.GetValueOrDefault("sAMAccountName") ?? $"${group.Id:N}"[..13].ToUpperInvariant(),
            DisplayName = values.GetValueOrDefault("displayName"),
            Description = values.GetValueOrDefault("description"),
            GroupType = GroupTypes.UniversalSecurity,
            AdminDescription = values.GetValueOrDefault("adminDescription"),
            Anchor = values.GetValueOrDefault(SyncSchema.Anchor),
            Members = members,
            MadeBy = "cloudSync",
        });
        return new ProvisioningOutcome
        {
            Action = "create",
            Status = "success",
            EndedAt = "Export",
            ObjectGuid = made.ObjectGuid,
            Modified = [.. values.Where(v => v.Value is not null).Select(v => v.Key), .. members.Count > 0 ? ["member"] : Array.Empty<string>()],
        };
    }

    /// <summary>The name that the mappings compute, made unique where it is taken: the worse of the two things that may happen, since a refusal would harm nobody.</summary>
    string FreeName(string name, string container)
    {
        var dn = DistinguishedName.Of(name, container);
        for (var number = 1; _world.Forest.FindByName(dn) is not null; number++)
        {
            dn = DistinguishedName.Of(string.Create(CultureInfo.InvariantCulture, $"{name}_{number}"), container);
        }

        return dn;
    }

    ProvisioningOutcome Update(
        WorldChange change, SyncSchema schema, AdObject target, CloudSyncLink? link, Dictionary<string, string?> values, List<Guid> expected, bool onDemand)
    {
        var id = target.ObjectGuid;
        var members = MembersAfter(target, link, expected, onDemand);
        List<string> modified =
        [
            .. Changes("displayName", target.DisplayName), .. Changes("description", target.Description), .. Changes("adminDescription", target.AdminDescription),
            .. Changes(SyncSchema.Anchor, target.ExternalDirectoryObjectId), .. Changes(SyncSchema.CommonName, DistinguishedName.Cn(target.DistinguishedName)),
            .. Changes(SyncSchema.Container, DistinguishedName.Parent(target.DistinguishedName)),
            .. members.ToHashSet().SetEquals(target.Members) ? Array.Empty<string>() : ["member"],
        ];
        if (modified.Count == 0)
        {
            return Redundant(id);
        }

        DemandRights(_world.Forest.AgentMayWrite(target), target.DistinguishedName);
        _world.Forest.Update(change, id, o => o with
        {
            DisplayName = modified.Contains("displayName") ? values["displayName"] : o.DisplayName,
            Description = modified.Contains("description") ? values["description"] : o.Description,
            AdminDescription = modified.Contains("adminDescription") ? values["adminDescription"] : o.AdminDescription,
        });
        if (modified.Contains(SyncSchema.Anchor))
        {
            _world.Forest.SetAnchor(change, id, values[SyncSchema.Anchor]);
        }

        if (modified.Contains(SyncSchema.CommonName))
        {
            _world.Forest.Rename(change, id, values[SyncSchema.CommonName]!);
        }

        if (modified.Contains(SyncSchema.Container))
        {
            _world.Forest.Move(change, id, values[SyncSchema.Container]!);
        }

        _world.Forest.SetMembers(change, id, members);
        return new ProvisioningOutcome { Action = "update", Status = "success", EndedAt = "Export", ObjectGuid = id, Modified = modified };

        IEnumerable<string> Changes(string attribute, string? current)
        {
            var mapped = schema.Mappings.TryGetValue(attribute, out var mapping) && !mapping.AddOnly;
            var comparison = attribute == SyncSchema.Container ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            return !mapped || string.Equals(values[attribute] ?? "", current ?? "", comparison) ? [] : [attribute];
        }
    }

    static void DemandRights(bool granted, string dn)
    {
        if (!granted)
        {
            throw new ForestException(ForestRefusal.AccessDenied, $"The agents' account may not write {dn}.");
        }
    }

    static ProvisioningOutcome Redundant(Guid objectGuid) =>
        new() { Action = "other", Status = "skipped", ErrorCode = CloudSyncErrors.Redundant, EndedAt = "Export", ObjectGuid = objectGuid };

    /// <summary>What the asked global catalog shows under the matching attribute.</summary>
    IReadOnlyList<AdObject> Match(JobState job, SyncSchema schema, CloudGroup group, Dictionary<string, string?> values)
    {
        var matching = schema.Mappings.Values.Where(m => m.MatchingPriority > 0).OrderBy(m => m.MatchingPriority).FirstOrDefault();
        if (matching is null || values.GetValueOrDefault(matching.Target) is not { Length: > 0 } anchor)
        {
            return [];
        }

        var catalogs = _world.ForestFacts.GlobalCatalogs;
        var asked = catalogs[_world.Random.Next("agentCatalog", string.Create(CultureInfo.InvariantCulture, $"{job.Id}#{job.Cycles}#{group.Id:D}"), catalogs.Count)];
        return _world.Forest.FindInCatalog(asked, anchor);
    }

    /// <summary>objectGUIDs of the members that Cloud Sync writes: synced users while the switch is on, and groups of its own scope.</summary>
    /// <remarks>Devices, groups synced from Active Directory and users without an object there are not written.</remarks>
    List<Guid> Writable(Run run, CloudGroup group, IReadOnlyList<Guid>? onDemand)
    {
        if (!run.Schema.Mappings.ContainsKey("member"))
        {
            return [];
        }

        if (_world.Suffers(Sabotage.RingLosesMembers) && group.Members.Any(m => _world.Groups.Find(m) is not null))
        {
            return [];
        }

        var written = new List<Guid>();
        foreach (var member in onDemand is null ? group.Members : group.Members.Intersect(onDemand))
        {
            if (_world.Principals.Find(member) is { } principal)
            {
                if (run.Job.MembersSwitch && principal is { Kind: PrincipalKind.User, ObjectGuid: { } user } && !IsUnknown(group, member))
                {
                    written.Add(user);
                }
            }
            else if (_world.Groups.Find(member) is { } child && Belongs(run, child) == Scope.In
                && _world.Links.Find(CloudSyncLink.Key(run.Job.Id, child.Id)) is { } link)
            {
                written.Add(link.ObjectGuid);
            }
        }

        // A reference to an object that is gone in Active Directory, or lies in another forest, is left out.
        return [.. written.Where(m => _world.Forest.Find(m) is { } found && _world.Forest.IsAtHome(found))];
    }

    /// <summary>Under the sabotage a user who was never synchronised with the identifier that references need. The canaries' users were.</summary>
    bool IsUnknown(CloudGroup group, Guid user) => group.WritebackEnabled == true && user.ToByteArray()[^1] % 5 == 0 && _world.Suffers(Sabotage.FirstMatchRemovesMembers);

    List<Guid> MembersAfter(AdObject target, CloudSyncLink? link, List<Guid> expected, bool onDemand)
    {
        // On demand nothing is taken away. The first cycle replaces what it does not know where the world is set so; later ones only
        // carry over what changed in Entra since.
        var removed = onDemand ? []
            : link?.Written is { } written ? written.Except(expected)
            : _world.Switches.FirstMatchRemovesUnseenMembers ? target.Members.Except(expected)
            : [];
        return [.. target.Members.Except(removed).Union(expected)];
    }

    Func<string, string?> Attributes(CloudGroup group) => name => name switch
    {
        "objectId" => group.Id.ToString("D"),
        "displayName" => group.DisplayName,
        "description" => group.Description,
        "securityEnabled" => group.SecurityEnabled.ToString(),
        "mailEnabled" => group.MailEnabled.ToString(),
        "dirSyncEnabled" => group.OnPremisesSynced.ToString(),
        "mail" => group.Mail,
        _ => group.Extensions.TryGetValue(name, out var value) && ServesExtension(name) ? value : null,
    };

    /// <summary>The provisioning service sees a directory extension only of an application that has a service principal in the tenant.</summary>
    bool ServesExtension(string name) => _world.Applications.Values.Any(a => a.ServicePrincipalId is not null && a.Extensions.Values.Any(e => a.PropertyName(e) == name));

    int Depth(CloudGroup group, int level) => level > 8 ? level
        : group.Members.Select(m => _world.Groups.Find(m)).OfType<CloudGroup>().Select(c => 1 + Depth(c, level + 1)).DefaultIfEmpty(0).Max();

    static string Fingerprint(Dictionary<string, string?> values, List<Guid> members)
    {
        var text = string.Join('\n', values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}"))
            + "\n" + string.Join(',', members.Order());
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }

    void Log(WorldChange change, JobState job, string cycleId, Guid groupId, ProvisioningOutcome outcome)
    {
        // What is the same again is not worth a line; the service does not write one either.
        if (outcome.ErrorCode == CloudSyncErrors.Redundant)
        {
            return;
        }

        var id = $"{_world.NextNumber(change, "provisioningLog"):d9}";
        _world.ProvisioningLog.Put(change, id, new ProvisioningEvent
        {
            Id = id,
            JobId = job.Id,
            CycleId = cycleId,
            At = _world.Clock.GetUtcNow(),
            GroupId = groupId,
            Action = outcome.Action,
            Status = outcome.Status,
            ErrorCode = outcome.ErrorCode,
            ModifiedProperties = outcome.Modified,
        });
    }

    /// <param name="Job">The job as the run began.</param>
    /// <param name="Schema">What it runs.</param>
    /// <param name="Assigned">Groups assigned to it; null when every group is its own.</param>
    sealed record Run(JobState Job, SyncSchema Schema, HashSet<Guid>? Assigned);

    enum Scope
    {
        In,

        /// <summary>Belongs to the job no more: deleted.</summary>
        Out,

        /// <summary>Kept out by the input filter: left as it is.</summary>
        Unread,
    }

    sealed record Seen(CloudGroup Group, SyncSchema Schema, bool MembersSwitch)
    {
        // The same objects, not equal ones: records compare all members and lists by reference anyway.
        public bool Equals(Seen? other) =>
            other is not null && ReferenceEquals(Group, other.Group) && ReferenceEquals(Schema, other.Schema) && MembersSwitch == other.MembersSwitch;

        public override int GetHashCode() => HashCode.Combine(Group.Id, MembersSwitch);
    }
}

/// <summary>What a cycle came to.</summary>
sealed record CycleResult
{
    public int Errors { get; init; }

    /// <summary>Groups that were written.</summary>
    public int Exports { get; init; }

    /// <summary>Groups that belong to the job.</summary>
    public int Entitled { get; init; }

    /// <summary>Why the job went into quarantine; null when it did not.</summary>
    public string? QuarantineReason { get; init; }
}
