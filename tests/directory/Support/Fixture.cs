namespace GwbCloud.Tests.Directory.Support;

// What tests add to the parts that the benchmark shares: xunit starts and ends them, and they end with the test.

public sealed partial class SambaDc : IAsyncLifetime
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;
}

public sealed partial class DcTools;

public sealed partial class DcEntry;

public static partial class SambaMachine;

public sealed partial record NewDcGroup;

public sealed partial record DcGroup;

public sealed partial record DcAccount;
