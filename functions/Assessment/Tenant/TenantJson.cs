using System.Text.Json.Serialization;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.Assessment;

/// <summary>Wire types of <see cref="TenantReader"/> and <see cref="MemberReader"/>.</summary>
[JsonSerializable(typeof(GraphPage<TenantReader.Identified>))]
[JsonSerializable(typeof(GraphPage<TenantReader.Organization>))]
[JsonSerializable(typeof(GraphPage<TenantReader.Named>))]
[JsonSerializable(typeof(GraphPage<TenantReader.Sku>))]
[JsonSerializable(typeof(GraphPage<TenantReader.Setting>))]
[JsonSerializable(typeof(GraphPage<MemberReader.Member>))]
[JsonSerializable(typeof(GraphPage<TenantReader.GraphGroup>))]
sealed partial class TenantJson : JsonSerializerContext;
