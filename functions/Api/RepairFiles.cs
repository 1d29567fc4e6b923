using System.Text;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Repair;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Api;

/// <summary>A repair pack as files: the script, the LDIF, and the snapshot that both are made from.</summary>
static class RepairFiles
{
    const string Script = "script", Ldif = "ldif", Snapshot = "snapshot";

    /// <summary>What it can be had as; the first is the default.</summary>
    public static string[] Formats { get; } = [Script, Ldif, Snapshot];

    public static async Task<IResult> AnswerAsync(IDocumentStore documents, RepairPack pack, string format, CancellationToken cancellationToken) => format switch
    {
        Script => Results.Bytes(Encoding.ASCII.GetBytes(RepairScript.Make(pack)), "text/plain", "repair.ps1"),
        Ldif => Results.Bytes(await LdifAsync(documents, pack, cancellationToken), "text/plain", "repair.ldif"),
        _ => Results.Bytes(await documents.LoadAsync(pack.Snapshot, cancellationToken), "application/json", "repair.json"),
    };

    static async Task<byte[]> LdifAsync(IDocumentStore documents, RepairPack pack, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        await using (var writer = new StreamWriter(text, Encoding.ASCII, leaveOpen: true) { NewLine = "\n" })
        {
            await RepairLdif.WriteAsync(
                writer, () => documents.EntriesAsync<GroupSnapshot>(pack.Snapshot, cancellationToken), $"Groups {pack.About}, snapshot SHA-256 {pack.Snapshot.Sha256}.", pack.WritebackOu);
        }

        return text.ToArray();
    }
}
