namespace GwbCloud.Tests.Directory.Support;

sealed partial class SambaDc
{
    static CancellationToken Stop => CancellationToken.None;
}
