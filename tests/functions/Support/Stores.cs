using GwbCloud.Functions.Documents;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Support;

static class Stores
{
    public static IOptions<DocumentStoreOptions> Options(TempFolder folder) =>
        Microsoft.Extensions.Options.Options.Create(new DocumentStoreOptions { Folder = folder.Path, FlushToDisk = false });

    public static FileDocumentStore Open(TempFolder folder) => new(Options(folder));
}
