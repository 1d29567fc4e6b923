using System.Text.Json.Serialization;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Wire types of <see cref="CloudSyncRemote"/>.</summary>
[JsonSerializable(typeof(CloudSyncPrincipal))]
[JsonSerializable(typeof(GraphPage<CloudSyncPrincipal>))]
[JsonSerializable(typeof(GraphPage<CloudSyncRemote.Identified>))]
[JsonSerializable(typeof(RemoteJob))]
[JsonSerializable(typeof(GraphPage<RemoteJob>))]
[JsonSerializable(typeof(CloudSyncRemote.SecretList))]
[JsonSerializable(typeof(CloudSyncRemote.ParseQuestion))]
[JsonSerializable(typeof(CloudSyncRemote.ParseAnswer))]
[JsonSerializable(typeof(GraphPage<RemoteAssignment>))]
[JsonSerializable(typeof(GraphPage<ExtensionApp>))]
[JsonSerializable(typeof(GraphPage<ExtensionProperty>))]
[JsonSerializable(typeof(OnDemandAnswer))]
[JsonSerializable(typeof(GraphPage<RemoteLogLine>))]
sealed partial class CloudSyncJson : JsonSerializerContext;
