using System.Globalization;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Tenant;

/// <summary>What tenant and Cloud Sync keep in the world besides its own tables, and what they ask it.</summary>
static class TenantWorld
{
    /// <summary>How long after its event a line of the provisioning log can be read.</summary>
    public static TimeSpan LogDelay { get; } = TimeSpan.FromMinutes(3);

    extension(SimulatedWorld world)
    {
        /// <summary>Registered applications that no template made, by object id.</summary>
        public Table<ApplicationRecord> Applications => world.Store.Table<ApplicationRecord>("applications");

        /// <summary>What jobs remember, by <see cref="CloudSyncLink.Key"/>.</summary>
        public Table<CloudSyncLink> Links => world.Store.Table<CloudSyncLink>("cloudSyncLinks");

        /// <summary>The id of something new; the same in every run of the same seed.</summary>
        public Guid NewId(string purpose, string key) => world.Random.Id($"tenant.{purpose}", key);

        /// <summary>1, 2, 3, … for each purpose.</summary>
        public int NextNumber(WorldChange change, string purpose) => world.Count(change, $"number.{purpose}");

        /// <summary>An application declares a directory extension of the name, and every replica knows it.</summary>
        public bool DeclaresExtension(string property) => world.Applications.Values
            .Any(a => world.Clock.Reads(a.ExtensionsVisibleAt) && a.Extensions.Values.Any(e => a.PropertyName(e) == property));

        public bool IsAssigned(Guid servicePrincipal, Guid group) => world.Assignments.Find(world.AssignmentId(servicePrincipal, group)) is not null;

        /// <summary>Assigns a group to a service principal's app role; null when it is assigned already.</summary>
        /// <param name="change">The change.</param>
        /// <param name="app">The service principal.</param>
        /// <param name="group">The group.</param>
        /// <param name="replicated">The lists show it at once: whoever did it looked after it before he said done.</param>
        public AssignmentState? Assign(WorldChange change, AppState app, Guid group, bool replicated)
        {
            if (world.IsAssigned(app.ServicePrincipalId, group))
            {
                return null;
            }

            var made = new AssignmentState
            {
                Id = world.AssignmentId(app.ServicePrincipalId, group),
                ServicePrincipalId = app.ServicePrincipalId,
                GroupId = group,
                AppRoleId = app.PublicRoleId,
                MadeAt = replicated ? default : world.Clock.GetUtcNow(),
            };
            world.Assignments.Put(change, made.Id, made);
            return made;
        }

        /// <summary>The key of an assignment, which is also its id in Graph.</summary>
        public string AssignmentId(Guid servicePrincipal, Guid group) =>
            world.NewId("assignment", string.Create(CultureInfo.InvariantCulture, $"{servicePrincipal:D}/{group:D}")).ToString("N");

        /// <summary>The app of a request's service principal, once it is replicated.</summary>
        /// <exception cref="GraphException">404.</exception>
        public AppState VisibleApp(GraphCall call)
        {
            var id = call.Id("id");
            return world.Store.Read(() => world.Apps.Find(id)) is { } app && world.Clock.Reads(app.VisibleAt) ? app : throw GraphException.NotFound(call["id"]);
        }

        public TenantState ReadTenant() => world.Store.Read(() => world.Tenant);

        public async Task ChangeTenantAsync(Func<TenantState, TenantState> edit) =>
            await world.Store.ChangeAsync(change => world.PutTenant(change, edit(world.Tenant)));
    }
}
