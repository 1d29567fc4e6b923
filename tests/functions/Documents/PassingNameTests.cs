using System.Reflection;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Tests.Functions.Documents;

/// <summary>What can be deleted: sign-ins and sessions, and nothing that anybody needs later.</summary>
public sealed class PassingNameTests
{
    static readonly string Id = Sha256Text.Of("a sign-in"u8);

    [Fact]
    public void Store_DeletesNothingButWhatHasAPassingName()
    {
        var deleting = typeof(IDocumentStore).GetMethods().Where(method => method.Name.Contains("Delete", StringComparison.Ordinal) || method.Name.Contains("Remove", StringComparison.Ordinal)).ToList();

        Assert.Equal([typeof(PassingName)], deleting.Select(method => method.GetParameters()[0].ParameterType));
        Assert.Empty(typeof(PassingName).GetConstructors());
        Assert.DoesNotContain(typeof(PassingName).GetProperties(), property => property.CanWrite);
    }

    [Fact]
    public void Names_OfWhatStays_AreNoPassingOnes()
    {
        var staying = typeof(StoreNames).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Select(method => (string)method.Invoke(null, [.. method.GetParameters().Select(parameter => parameter.ParameterType == typeof(string) ? Id : Activator.CreateInstance(parameter.ParameterType))])!)
            .Concat([StoreNames.Assessments + Id, StoreNames.Migrations + Id, $"audit/{Id}/head", "people", "identity/keys", "identity/browser-secret"])
            .ToList();

        Assert.True(staying.Count > 15);
        Assert.All(staying, name => Assert.Null(PassingName.Of(name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("../ballots/m/plan/0123456789abcdef")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde/")]
    public void Id_ThatIsNone_NamesNothing(string id)
    {
        Assert.Throws<ArgumentException>(() => PassingName.SignIn(id));
        Assert.Throws<ArgumentException>(() => PassingName.Session(id));
        Assert.Null(PassingName.Of(PassingName.SignIns + id));
        Assert.Null(PassingName.Of(PassingName.Sessions + id));
    }

    [Fact]
    public void Name_OfASignInOrASession_IsRead()
    {
        Assert.Equal($"sign-ins/{Id}", PassingName.Of($"sign-ins/{Id}")?.Value);
        Assert.Equal(PassingName.Session(Id), PassingName.Of($"sessions/{Id}"));
    }
}
