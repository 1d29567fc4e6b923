using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Pages;

/// <summary>The way to what is below a migration.</summary>
static class MigrationCrumbs
{
    public static IReadOnlyList<Crumb> Of(MigrationView view) =>
        [new(PageText.Home.Title, PagePaths.Home), new(PageText.Migrations.Title(view.MigrationId), PagePaths.Migration(view.MigrationId))];
}
