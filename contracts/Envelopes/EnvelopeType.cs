namespace GwbCloud.Contracts.Envelopes;

/// <summary>The values of <c>typ</c>: an envelope of one type is never taken for another.</summary>
public static class EnvelopeType
{
    public const string Command = "gwb-command";
    public const string Result = "gwb-result";
    public const string Evidence = "gwb-evidence";
}
