using GwbCloud.Embedded.Hosting;

namespace GwbCloud.Tests.Embedded.Hosting;

public sealed class FunctionCatalogTests
{
    [Theory]
    [InlineData(typeof(Refused<int>.TypedRoute), "TypedRoute", "route value 'id' must be a string")]
    [InlineData(typeof(Refused<int>.FromBody), "FromBody", "[FromBody]")]
    [InlineData(typeof(Refused<int>.PlainResult), "PlainResult", "must return Task<IResult>")]
    [InlineData(typeof(Refused<int>.ListInput), "ListInput", "is an interface, which arrives as null")]
    [InlineData(typeof(Refused<int>.AbstractInput), "AbstractInput", "is abstract, and arrives as null")]
    [InlineData(typeof(Refused<int>.NullableInput), "NullableInput", "is a nullable value, which arrives as null")]
    [InlineData(typeof(Refused<int>.TupleInput), "TupleInput", "is a tuple, whose values arrive empty")]
    [InlineData(typeof(Refused<int>.TupleOutput), "TupleOutput", "is a tuple, whose values are left out")]
    [InlineData(typeof(Refused<int>.OrchestratorWithToken), "OrchestratorWithToken", "can't take 'cancellation'")]
    [InlineData(typeof(Refused<int>.Twice), "same", "another function has this name")]
    [InlineData(typeof(Refused<int>.Hidden), "Hidden", "must be public")]
    [InlineData(typeof(Refused<int>.Unbound), "Unbound", "nothing can be bound to 'what' (Guid)")]
    public void Function_ThatAzureWouldMangle_IsRefusedByName(Type type, string function, string reason)
    {
        var refused = Assert.Throws<EmbeddedHostException>(() => FunctionCatalog.Of([type]));

        Assert.Contains($"\n{function} (", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }
}
