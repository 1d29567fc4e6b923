using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Forest;

/// <summary>An administrator who applies LDIF to the simulated directory and goes on behind errors, as <c>ldapmodify -c</c> does.</summary>
public sealed class LdifAdministrator(SimulatedWorld world)
{
    const string ShowDeleted = "1.2.840.113556.1.4.417";

    /// <summary>Applies every record by itself.</summary>
    /// <returns>Why records were refused, with how many each.</returns>
    public async Task<IReadOnlyDictionary<string, int>> ApplyAsync(string ldif)
    {
        var refused = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var record in LdifFile.Read(ldif))
        {
            try
            {
                await world.Store.ChangeAsync(change =>
                {
                    Apply(change, record);
                    return true;
                });
            }
            catch (ForestException e)
            {
                refused[e.Refusal.ToString()] = refused.GetValueOrDefault(e.Refusal.ToString()) + 1;
            }
        }
        return refused;
    }

    void Apply(WorldChange change, LdifChange record)
    {
        var id = IdOf(record.Dn);
        switch (record.ChangeType)
        {
            case "modrdn":
                Place(change, Living(id), record.Value("newrdn")!, record.Value("newsuperior")!);
                break;
            case "modify" when record.Lines.Contains(("delete", "isDeleted")):
                Reanimate(change, id, record);
                break;
            case "modify" when record.Value("add") == "member":
                var member = IdOf(record.Value("member")!);
                if (Living(id).Members.Contains(member)) { throw new ForestException(ForestRefusal.EntryAlreadyExists, "It is a member already."); }
                world.Forest.AddMembers(change, id, [member]);
                break;
            case "modify":
                Living(id);
                Replace(change, id, record);
                break;
            default:
                throw new ForestException(ForestRefusal.UnwillingToPerform, $"{record.ChangeType} is nothing that a repair does.");
        }
    }

    void Reanimate(WorldChange change, Guid id, LdifChange record)
    {
        if (world.Forest.Find(id) is not null) { throw new ForestException(ForestRefusal.UnwillingToPerform, "It has no isDeleted."); }
        if (!record.Controls.Contains(ShowDeleted) || world.Objects.Find(id) is null) { throw new ForestException(ForestRefusal.NoSuchObject, $"There is no object {id}."); }
        world.Forest.Restore(change, id);
        string dn = record.Value("distinguishedName")!;
        string parent = DistinguishedName.Parent(dn);
        Place(change, Living(id), dn[..^(parent.Length + 1)], parent);
        Replace(change, id, record);
    }

    void Place(WorldChange change, AdObject o, string rdn, string parent)
    {
        if (!DistinguishedName.Parent(o.DistinguishedName).Equals(parent, StringComparison.OrdinalIgnoreCase)) { world.Forest.Move(change, o.ObjectGuid, parent); }
        world.Forest.Rename(change, o.ObjectGuid, DistinguishedName.Cn($"{rdn},{parent}"));
    }

    void Replace(WorldChange change, Guid id, LdifChange record)
    {
        foreach (string attribute in record.Lines.Where(l => l.Name == "replace").Select(l => l.Value).Where(a => a != "distinguishedName").ToList())
        {
            string? value = record.Value(attribute);
            if (attribute == "msDS-ExternalDirectoryObjectId")
            {
                world.Forest.SetAnchor(change, id, value);
                continue;
            }
            world.Forest.Update(change, id, o => attribute switch
            {
                "adminDescription" => o with { AdminDescription = value },
                "sAMAccountName" => o with { SamAccountName = value! },
                "displayName" => o with { DisplayName = value },
                "description" => o with { Description = value },
                _ => throw new ForestException(ForestRefusal.UnwillingToPerform, $"{attribute} is nothing that a repair writes."),
            });
        }
    }

    AdObject Living(Guid id) => world.Forest.Find(id) ?? throw new ForestException(ForestRefusal.NoSuchObject, $"There is no object {id}.");

    static Guid IdOf(string dn) => dn.StartsWith("<GUID=", StringComparison.Ordinal) && Guid.TryParse(dn[6..^1], out var id)
        ? id
        : throw new ForestException(ForestRefusal.NoSuchObject, $"'{dn}' names nothing by its objectGUID.");
}
