using System.Globalization;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Repair;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>The repair pack as documents, and the button that has the listener repair.</summary>
public sealed class RepairFunctions(ApiPipeline api, MigrationCatalog migrations, OperatorDesk desk, IDocumentStore documents)
{
    /// <summary>More at once would not fit into a body; whoever has more takes the pack.</summary>
    const int MostGroups = 300;

    [Function("GetRepairPack")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/repair")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "GetRepairPack",
            async _ =>
            {
                var format = RequestReader.ReadChoice(request, "format", RepairFiles.Formats);
                var view = await migrations.GetAsync(id, client, cancellationToken);
                var pack = await PackAsync(view, cancellationToken);
                return await RepairFiles.AnswerAsync(documents, pack, format, cancellationToken);
            },
            cancellationToken);

    [Function("RepairGroups")]
    public Task<IResult> RepairAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/repair")] HttpRequest request, [DurableClient] DurableTaskClient client,
        string id, CancellationToken cancellationToken) =>
        api.RunAsync(
            request, "RepairGroups",
            async caller =>
            {
                var view = await desk.DemandAsync(request, id, OperatorAction.Repair, client, cancellationToken);
                var body = await RequestReader.ReadBodyAsync<RepairBody>(request, cancellationToken);
                var comment = RequestReader.Required(body.Comment, "comment", 1_000);
                var named = Named(RequestReader.Required(body.Groups, "groups"));
                var pack = await PackAsync(view, cancellationToken);
                await DemandNamesAsync(named, pack, cancellationToken);
                var objects = await documents.SaveListAsync("repair-objects", named.Keys.Order(), cancellationToken);
                return await desk.AskAsync(
                    request, view, new() { Action = OperatorAction.Repair, By = caller.ObjectId, Comment = comment, Objects = objects },
                    string.Create(CultureInfo.InvariantCulture, $"{named.Count} groups: {comment}"), client, cancellationToken);
            },
            cancellationToken);

    async Task<RepairPack> PackAsync(MigrationView view, CancellationToken cancellationToken) =>
        await documents.ReadOneAsync<RepairPack>(StoreNames.RepairPack(view.MigrationId), cancellationToken) ?? throw ApiException.NotFound(ApiError.NoRepairPack);

    static Dictionary<Guid, (string Name, string Field)> Named(IReadOnlyList<RepairGroupBody?> groups)
    {
        if (groups.Count is 0 or > MostGroups)
        {
            throw ApiException.BadRequest(ApiError.FieldInvalid, "groups", string.Create(CultureInfo.InvariantCulture, $"1 to {MostGroups} groups"));
        }

        var named = new Dictionary<Guid, (string, string)>();
        for (var at = 0; at < groups.Count; at++)
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"groups[{at}]");
            var group = RequestReader.Required(groups[at], field);
            named[RequestReader.Required(group.ObjectGuid, $"{field}.objectGuid")] = (RequestReader.Required(group.Name, $"{field}.name", 256), $"{field}.name");
        }

        return named;
    }

    /// <summary>The typed name is the approval: who names a group by a number alone has not looked at it.</summary>
    async Task DemandNamesAsync(Dictionary<Guid, (string Name, string Field)> named, RepairPack pack, CancellationToken cancellationToken)
    {
        var open = named.ToDictionary();
        await foreach (var was in documents.EntriesAsync<GroupSnapshot>(pack.Snapshot, cancellationToken))
        {
            if (!open.Remove(was.Group.ObjectGuid, out var typed)) { continue; }
            if (!RepairPack.Covers(was, pack.WritebackOu) || typed.Name != DistinguishedName.CommonName(was.Group.DistinguishedName))
            {
                throw ApiException.BadRequest(ApiError.RepairNameDiffers, typed.Field);
            }
        }

        if (open.Values.FirstOrDefault() is { Field: { } unknown }) { throw ApiException.BadRequest(ApiError.RepairNameDiffers, unknown); }
    }
}
