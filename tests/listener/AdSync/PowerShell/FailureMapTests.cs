using GwbCloud.RelayListener.AdSync.PowerShell;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

public sealed class FailureMapTests
{
    const string Invalid = "System.InvalidOperationException";

    public static TheoryData<string, string, string, string, string> Known { get; } = new()
    {
        { "NotSpecified", Invalid, "", "Connector: contoso.onmicrosoft.com - AAD is busy.", "GWB6201" },
        { "NotSpecified", Invalid, "", "Sync is already running. Cannot start a new run till this one completes.", "GWB6201" },
        { "ResourceBusy", "Microsoft.X.SyncEngineBusyException", "", "anything", "GWB6201" },
        { "NotSpecified", Invalid, "", "Scheduler is already suspended via global parameters.", "GWB6202" },
        { "ObjectNotFound", "System.Management.Automation.CommandNotFoundException", "CommandNotFoundException", "Der Begriff ist unbekannt.", "GWB6203" },
        { "InvalidArgument", "System.Management.Automation.ParameterBindingException", "NamedParameterNotFound,Microsoft.X", "Es wurde kein Parameter gefunden.", "GWB6203" },
        { "NotSpecified", Invalid, "GwbNotSupported", "Objects of this build do not show their pending exports.", "GWB6203" },
        { "NotSpecified", "System.UnauthorizedAccessException", "", "Zugriff verweigert", "GWB6204" },
        { "PermissionDenied", "System.Exception", "", "Zugriff verweigert", "GWB6204" },
        { "NotSpecified", "System.ServiceModel.Security.SecurityAccessDeniedException", "", "Access is denied.", "GWB6204" },
        { "NotSpecified", "System.TimeoutException", "", "The operation has timed out.", "GWB6205" },
        { "NotSpecified", Invalid, "GwbRefused", "This build asks for a sign-in, and nobody was named for it.", "GWB6205" },
        { "NotSpecified", Invalid, "GwbPrecedenceTaken", "Another rule has this precedence.", "GWB6208" },
        { "NotSpecified", Invalid, "", "A synchronization rule with this precedence already exists.", "GWB6208" },
        { "NotSpecified", Invalid, "GwbModuleMissing", "The ADSync module was not found.", "GWB6212" },
        { "ResourceUnavailable", "System.IO.FileNotFoundException", "Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand", "x", "GWB6212" },
        { "NotSpecified", "System.ServiceModel.EndpointNotFoundException", "", "x", "GWB6221" },
        { "NotSpecified", Invalid, "", "There was no endpoint listening at net.pipe://localhost/ADSync.", "GWB6221" },
        { "NotSpecified", "System.Exception", "", "AADSTS50057: the account is disabled.", "GWB6205" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Failure_OfAKnownKind_HasItsCode(string category, string type, string id, string message, string code) =>
        Assert.Equal(code, FailureMap.Judge(Failure(category, type, id, message)).Code);

    [Fact]
    public void Failure_WhoseCauseLiesInside_IsJudgedByIt()
    {
        var failure = Failure("NotSpecified", "System.Exception", "", "Failed.") with { Types = ["System.Exception", Invalid], Messages = ["Failed.", "Connector: x is busy."] };

        Assert.Equal((AdSyncError.Busy.Code, true), (FailureMap.Judge(failure).Code, FailureMap.Judge(failure).Transient));
    }

    [Theory]
    [InlineData("Set-ADSyncAADCompanyFeature", "GWB6222")]
    [InlineData("Get-ADSyncAADCompanyFeature", "GWB6205")]
    public void SignIn_ThatWasCanceled_IsToldWhereAPersonWasAsked(string command, string code)
    {
        var failure = Failure("NotSpecified", "Microsoft.Identity.Client.MsalClientException", "", "authentication_canceled: User canceled authentication.") with { Command = command };

        Assert.Equal(code, FailureMap.Judge(failure).Code);
    }

    [Fact]
    public void Failure_NobodyKnows_IsToldAsItIsWithoutNamesAndNotAsTransient()
    {
        var error = FailureMap.Judge(Failure("NotSpecified", "System.Exception", "", "Object CN=Erika Muster,OU=A,DC=x is broken for erika@x.example."));

        Assert.Equal(AdSyncError.CmdletFailed.Code, error.Code);
        Assert.False(error.Transient);
        Assert.DoesNotContain("rika", error.Message, StringComparison.Ordinal);
        Assert.Contains("Object <dn>", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CN=Erika Muster,OU=Groups,DC=contoso,DC=example", "<dn>")]
    [InlineData("ou=a\\, b,dc=x failed", "<dn>")]
    [InlineData("by CONTOSO\\erika.muster in C:\\Windows\\System32", "by <account> in C:\\Windows\\System32")]
    [InlineData("signed in as erika@contoso.example.", "signed in as <name>")]
    [InlineData("Connector: contoso.onmicrosoft.com - AAD is busy.", "Connector: contoso.onmicrosoft.com - AAD is busy.")]
    public void Redaction_TakesNamesAndLeavesTheRest(string text, string expected) => Assert.Equal(expected, Redaction.Text(text));

    static ScriptFailure Failure(string category, string type, string id, string message) => new() { Category = category, Id = id, Types = [type], Messages = [message] };
}
