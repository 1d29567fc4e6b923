namespace GwbCloud.Tests.Functions.Support;

static class People
{
    public const string Reader = "aaaaaaaa-0000-4000-8000-000000000001";
    public const string Requester = "aaaaaaaa-0000-4000-8000-000000000002";
    public const string First = "aaaaaaaa-0000-4000-8000-000000000003";
    public const string Second = "aaaaaaaa-0000-4000-8000-000000000004";
    public const string Stranger = "aaaaaaaa-0000-4000-8000-000000000005";
}
