using System.Text.Json.Serialization;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Wire types of <see cref="EntraMembers"/> and <see cref="CanaryActivities"/>.</summary>
[JsonSerializable(typeof(EntraGroup))]
[JsonSerializable(typeof(GraphPage<EntraMember>))]
[JsonSerializable(typeof(CanaryActivities.NamedGroup))]
sealed partial class EntraJson : JsonSerializerContext;
