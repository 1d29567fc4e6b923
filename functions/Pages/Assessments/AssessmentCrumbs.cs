namespace GwbCloud.Functions.Pages;

/// <summary>The way to what is below an assessment.</summary>
static class AssessmentCrumbs
{
    public static IReadOnlyList<Crumb> Of(string id, params IEnumerable<Crumb> further) =>
        [new(PageText.Home.Title, PagePaths.Home), new(PageText.Assessments.Title(id), PagePaths.Assessment(id)), .. further];
}
