using System.Text.Json.Serialization;
using GwbCloud.Functions.Operations.CleanUp;
using GwbCloud.Functions.Operations.Discover;
using GwbCloud.Functions.Operations.Enabling;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Functions.Operations.Rules;
using GwbCloud.Functions.Operations.WayBack;
using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Functions.Operations;

/// <summary>What somebody asks an operation to do. One record for each kind; the discriminator is the kind's name in API, store and history.</summary>
/// <remarks>A new kind is a line here, its record, and its line in <see cref="OperationKinds"/>.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(NewGroupsTerms), NewGroupsOperation.Name)]
[JsonDerivedType(typeof(ExistingGroupsTerms), ExistingGroupsOperation.Name)]
[JsonDerivedType(typeof(DiscoverTerms), DiscoverOperation.Name)]
[JsonDerivedType(typeof(UndoTerms), UndoOperation.Name)]
[JsonDerivedType(typeof(MemberLimitTerms), MemberLimitOperation.Name)]
[JsonDerivedType(typeof(DeleteRuleTerms), DeleteRuleOperation.Name)]
[JsonDerivedType(typeof(EnableTerms), EnableOperation.Name)]
[JsonDerivedType(typeof(CleanUpTerms), CleanUpOperation.Name)]
[JsonDerivedType(typeof(RestoreTerms), RestoreOperation.Name)]
public abstract record OperationTerms
{
    /// <summary>What is impossible about them, as the field's path below <c>terms</c> and why; null when nothing is.</summary>
    public virtual (string Field, string Why)? Objection() => null;
}
