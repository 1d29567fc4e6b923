namespace GwbCloud.Lab.Issuer;

/// <summary>Somebody who can sign in to the simulated tenant.</summary>
public sealed record LabPerson
{
    /// <summary>Short name in scenarios and tests: operator, firstApprover, …</summary>
    public required string Key { get; init; }
    public required Guid ObjectId { get; init; }
    public required string Name { get; init; }

    /// <summary>The part of the user name before the @.</summary>
    public required string Alias { get; init; }

    /// <summary>App roles of the product that are assigned to the person.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The tenant of somebody who is not of the simulated one; null is the simulated one.</summary>
    public Guid? ForeignTenant { get; init; }
}

/// <summary>The people of the lab. Their object ids never change, so that a resumed rehearsal meets the same people.</summary>
public static class LabPeople
{
    public const string ReaderRole = "Migration.Reader";
    public const string OperatorRole = "Migration.Operator";
    public const string ApproverRole = "Migration.Approver";

    public static LabPerson Reader { get; } = Make("reader", 1, "Rita Reader", ReaderRole);

    /// <summary>Operates the migration, and is the one who requests it.</summary>
    public static LabPerson Operator { get; } = Make("operator", 2, "Otto Operator", OperatorRole, ReaderRole);
    public static LabPerson SecondOperator { get; } = Make("secondOperator", 3, "Olga Operator", OperatorRole, ReaderRole);
    public static LabPerson FirstApprover { get; } = Make("firstApprover", 4, "Ada Approver", ApproverRole, ReaderRole);
    public static LabPerson SecondApprover { get; } = Make("secondApprover", 5, "Anton Approver", ApproverRole, ReaderRole);

    /// <summary>A member of the tenant without any role of the product.</summary>
    public static LabPerson Outsider { get; } = Make("outsider", 6, "Oscar Outsider");

    /// <summary>Has every role, in another tenant.</summary>
    public static LabPerson Foreigner { get; } =
        Make("foreigner", 7, "Fay Foreigner", ApproverRole, OperatorRole, ReaderRole) with { ForeignTenant = new("00000000-1ab0-4000-a000-000000000001") };

    /// <summary>May request and may approve, but not both for one migration. Nobody simulates this person.</summary>
    public static LabPerson OperatorAndApprover { get; } = Make("operatorAndApprover", 8, "Bo Both", OperatorRole, ApproverRole, ReaderRole);

    public static IReadOnlyList<LabPerson> All { get; } = [Reader, Operator, SecondOperator, FirstApprover, SecondApprover, OperatorAndApprover, Outsider, Foreigner];

    /// <summary>Those who act by themselves in a rehearsal, as far as nobody real takes their place.</summary>
    public static IReadOnlyList<LabPerson> Acting { get; } = [Operator, SecondOperator, FirstApprover, SecondApprover];

    /// <summary>The person of a key, or null.</summary>
    public static LabPerson? Find(string key) => All.FirstOrDefault(p => p.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    static LabPerson Make(string key, int number, string name, params string[] roles) => new()
    {
        Key = key,
        ObjectId = new Guid($"00000000-1ab0-4000-8000-{number:d12}"),
        Name = name,
        Alias = name.Replace(' ', '.').ToLowerInvariant(),
        Roles = roles,
    };
}
