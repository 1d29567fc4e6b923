using GwbCloud.RelayListener.ActiveDirectory.Ldap;

namespace GwbCloud.Tests.Listener.ActiveDirectory.Ldap;

/// <summary>Which global catalog is asked first.</summary>
public sealed class ForestTopologyTests
{
    static readonly IReadOnlyList<DomainController> Controllers =
    [
        Of("a-rodc", "Berlin", readOnly: true), Of("b-far", "Tokyo"), Of("c-plain", "Berlin", catalog: false), Of("d-near", "Berlin"), Of("e-near", "berlin"), Of("f-far", "Tokyo"),
    ];

    static DomainController Of(string host, string site, bool catalog = true, bool readOnly = false) =>
        new() { HostName = host, Site = site, IsGlobalCatalog = catalog, IsReadOnly = readOnly };

    [Theory]
    [InlineData("c-plain", "d-near e-near b-far f-far a-rodc")]
    [InlineData("E-NEAR", "e-near d-near b-far f-far a-rodc")]
    [InlineData("f-far", "f-far b-far d-near e-near a-rodc")]
    [InlineData("unknown", "b-far d-near e-near f-far a-rodc")]
    public void Catalogs_OfTheForest_ComeNearestFirst(string writable, string expected) =>
        Assert.Equal(expected, string.Join(' ', Controllers.CatalogsNearestFirst(writable).Select(controller => controller.HostName)));
}
