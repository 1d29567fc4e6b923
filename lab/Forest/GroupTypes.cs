namespace GwbCloud.Lab.Forest;

/// <summary>Values of groupType.</summary>
public static class GroupTypes
{
    public const int UniversalSecurity = -2147483640;
    public const int UniversalDistribution = 8;
    public const int GlobalSecurity = -2147483646;
    public const int DomainLocalSecurity = -2147483644;

    public static bool IsUniversal(int type) => (type & 8) != 0;

    public static bool IsDomainLocal(int type) => (type & 4) != 0;

    public static bool IsSecurity(int type) => type < 0;
}
