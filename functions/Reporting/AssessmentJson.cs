using System.Text.Json;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Reporting;

/// <summary>An assessment as one JSON document: <c>assessment</c>, <c>facts</c>, <c>findings</c>, <c>groups</c>, <c>losses</c>, <c>names</c>, <c>tasks</c>, <c>discovery</c>.</summary>
public sealed class AssessmentJson(IDocumentStore documents)
{
    /// <summary>Opens what it needs and gives back what writes it. The lists go out as they are stored, byte for byte.</summary>
    /// <exception cref="DocumentException">A document is missing or damaged.</exception>
    public async Task<Func<Stream, Task>> PrepareAsync(AssessmentOutcome outcome, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var parts = new List<(string Name, Stream Content)>();
        try
        {
            parts.Add(("assessment", new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(outcome, ContractJson.Options))));
            foreach (var (name, reference) in new (string, DocumentReference?)[]
            {
                ("facts", outcome.Facts!), ("findings", outcome.Findings!), ("groups", outcome.Classified!), ("losses", outcome.Losses!), ("names", outcome.Names),
                ("tasks", outcome.Tasks), ("discovery", outcome.Discovery),
            })
            {
                parts.Add((name, reference is null ? new MemoryStream(name == "discovery" ? "null"u8.ToArray() : "[]"u8.ToArray()) : await documents.OpenAsync(reference, cancellationToken)));
            }
        }
        catch
        {
            await CloseAsync(parts);
            throw;
        }

        return async output =>
        {
            try
            {
                var separator = "{";
                foreach (var (name, content) in parts)
                {
                    await output.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{separator}\"{name}\":"), cancellationToken);
                    await content.CopyToAsync(output, cancellationToken);
                    separator = ",";
                }

                await output.WriteAsync("}\n"u8.ToArray(), cancellationToken);
            }
            finally
            {
                await CloseAsync(parts);
            }
        };
    }

    static async Task CloseAsync(List<(string Name, Stream Content)> parts)
    {
        foreach (var (_, content) in parts)
        {
            await content.DisposeAsync();
        }
    }
}
