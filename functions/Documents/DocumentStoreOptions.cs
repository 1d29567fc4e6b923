using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Documents;

/// <summary>Section <c>Documents</c>. A migration in flight must find its documents again: never change the folder under it.</summary>
public sealed class DocumentStoreOptions
{
    public const string Section = "Documents";

    /// <summary>Folder that holds documents and audit logs; made when it is missing. No default: the place must be a decision.</summary>
    public string Folder { get; set; } = "";

    /// <summary>
    /// Waits until the disk has each write. On, because a reference in a history must survive a power cut; off only where the whole
    /// folder is thrown away afterwards.
    /// </summary>
    public bool FlushToDisk { get; set; } = true;
}

sealed class DocumentStoreOptionsValidator : IValidateOptions<DocumentStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, DocumentStoreOptions options) =>
        options.Folder is { Length: > 0 } ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail($"{DocumentStoreOptions.Section}:Folder is missing.");
}
