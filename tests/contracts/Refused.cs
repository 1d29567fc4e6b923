using GwbCloud.Contracts;

namespace GwbCloud.Tests.Contracts;

internal static class Refused
{
    /// <summary>The code with which an action is refused.</summary>
    public static string CodeOf(Action action) => Assert.Throws<ContractException>(action).Refusal.Code;
}
