using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.People;

/// <summary>What the simulated operator does for a group at risk. Where a task offers two ways, half of the owners want each.</summary>
static class RiskDeeds
{
    /// <summary>Null where there is nothing that a rehearsal can do.</summary>
    public static Deed? For(RiskTask task)
    {
        string group = task.CloudId.ToString("D");
        bool wanted = task.CloudId.ToByteArray()[^1] % 2 == 0;
        return task.Kind switch
        {
            RiskTaskKind.ClearMail => new GroupMailSet { Group = group, Mail = null },
            RiskTaskKind.RestoreOrDelete => wanted ? new GroupSoftDeleted { Group = group, Restored = true } : new GroupHardDeleted { Group = group },
            RiskTaskKind.EnableOrRemove => new GroupWritebackSet { Group = group, Enabled = true },
            _ => null,
        };
    }
}
