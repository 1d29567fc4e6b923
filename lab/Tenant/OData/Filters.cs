namespace GwbCloud.Lab.Tenant.OData;

/// <summary>What $filter may do with a property; everything else is refused, as Graph refuses it.</summary>
[Flags]
public enum Filters
{
    None = 0,

    /// <summary>eq and in.</summary>
    Equal = 1,

    /// <summary>ne and not: advanced on directory objects.</summary>
    NotEqual = 2,

    /// <summary>gt, ge, lt, le.</summary>
    Range = 4,
    StartsWith = 8,

    /// <summary>Advanced on directory objects.</summary>
    EndsWith = 16,
    Contains = 32,

    /// <summary>A lambda over a collection of strings.</summary>
    Any = 64,
    Flag = Equal | NotEqual,
    Text = Equal | NotEqual | Range | StartsWith,
}
