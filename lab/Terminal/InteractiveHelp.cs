using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Terminal;

/// <summary>What a real person needs to take part.</summary>
static class InteractiveHelp
{
    public static IEnumerable<string> For(LabHost host)
    {
        if (!host.Story.Interactive) { yield break; }
        string sign = $"{host.GraphAddress.AbsoluteUri.TrimEnd('/')}/{host.Issuer.TenantId:D}/oauth2/v2.0/authorize";
        yield return $"the product's API: {new Uri(host.Address, "api/migrations")}";
        yield return $"sign in at {sign}?client_id={host.Issuer.ClientId:D}&response_type=id_token&redirect_uri=http://127.0.0.1:8400/&nonce=<nonce of the decision>&state=1";
        yield return $"bearer token of {LabPeople.FirstApprover.Name}: {host.Issuer.ApiToken(LabPeople.FirstApprover)}";
        yield return $"bearer token of {LabPeople.SecondApprover.Name}: {host.Issuer.ApiToken(LabPeople.SecondApprover)}";
    }
}
